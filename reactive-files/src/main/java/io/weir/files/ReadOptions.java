package io.weir.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** How a file is read. Immutable: each {@code with…} method gives a changed copy. */
public final class ReadOptions {
    static final String MAX_SIZE = "maxSize";
    static final String MAX_LINE_LENGTH = "maxLineLength";

    static final int LARGEST_CHUNK = 16 << 20;
    static final int LARGEST_LINE = 1 << 30;
    // The longest array that every JVM can make.
    private static final int LARGEST_WHOLE = Integer.MAX_VALUE - 8;

    private static final ReadOptions DEFAULTS =
            new ReadOptions(StandardCharsets.UTF_8, false, 256 << 10, 64 << 20, 1 << 20);

    private final Charset charset;
    private final boolean replacingMalformed;
    private final int chunkSize;
    private final int maxSize;
    private final int maxLineLength;

    private ReadOptions(Charset charset, boolean replacingMalformed, int chunkSize, int maxSize, int maxLineLength) {
        this.charset = charset;
        this.replacingMalformed = replacingMalformed;
        this.chunkSize = chunkSize;
        this.maxSize = maxSize;
        this.maxLineLength = maxLineLength;
    }

    /**
     * UTF-8, what is malformed is an error, chunks of 256 KiB, files read whole up to 64 MiB, lines up to 1 MiB.
     *
     * @return the defaults
     */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The charset of the text, for {@code readString} and {@code lines}.
     *
     * @param charset the charset, UTF-8 by default
     * @return a changed copy
     */
    public ReadOptions withCharset(Charset charset) {
        return new ReadOptions(charset, replacingMalformed, chunkSize, maxSize, maxLineLength);
    }

    /**
     * Bytes that are no text in the charset become U+FFFD, each part of them that {@link java.nio.charset.CharsetDecoder} takes for
     * one, instead of a {@link MalformedTextException}.
     *
     * @return a changed copy
     */
    public ReadOptions replacingMalformed() {
        return new ReadOptions(charset, true, chunkSize, maxSize, maxLineLength);
    }

    /**
     * How much one read asks the system for: the largest buffer that {@code read} emits, and the step in which
     * {@code lines} reads.
     *
     * @param bytes from 1 byte to 16 MiB, 256 KiB by default
     * @return a changed copy
     */
    public ReadOptions withChunkSize(int bytes) {
        return new ReadOptions(
                charset, replacingMalformed, within("chunkSize", bytes, 1, LARGEST_CHUNK), maxSize, maxLineLength);
    }

    /**
     * The largest file that {@code readAllBytes} and {@code readString} hold in memory.
     *
     * @param bytes from 0 to the longest array, 64 MiB by default
     * @return a changed copy
     */
    public ReadOptions withMaxSize(int bytes) {
        return new ReadOptions(
                charset, replacingMalformed, chunkSize, within(MAX_SIZE, bytes, 0, LARGEST_WHOLE), maxLineLength);
    }

    /**
     * The longest line that {@code lines} accepts, its ending not counted.
     *
     * @param bytes from 1 byte to 1 GiB, 1 MiB by default
     * @return a changed copy
     */
    public ReadOptions withMaxLineLength(int bytes) {
        return new ReadOptions(
                charset, replacingMalformed, chunkSize, maxSize, within(MAX_LINE_LENGTH, bytes, 1, LARGEST_LINE));
    }

    private static int within(String setting, int bytes, int least, int most) {
        if (bytes < least || bytes > most) {
            throw new IllegalArgumentException(
                    setting + " must be from " + least + " to " + most + " bytes, not " + bytes);
        }
        return bytes;
    }

    Charset charset() {
        return charset;
    }

    boolean isReplacingMalformed() {
        return replacingMalformed;
    }

    int chunkSize() {
        return chunkSize;
    }

    int maxSize() {
        return maxSize;
    }

    int maxLineLength() {
        return maxLineLength;
    }

    @Override
    public String toString() {
        return "ReadOptions[charset=" + charset + ", replacingMalformed=" + replacingMalformed + ", chunkSize="
                + chunkSize + ", maxSize=" + maxSize + ", maxLineLength=" + maxLineLength + "]";
    }
}
