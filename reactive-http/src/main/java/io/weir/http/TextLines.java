package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes a text apart into lines, which end with LF, CR or CRLF, as it comes. Used by one thread at a time. */
final class TextLines {
    private static final int AT_ONCE = 8 * 1024;

    private final @Nullable String contentType;
    private final int max;
    private final Supplier<? extends RuntimeException> tooLong;
    private final StringBuilder line = new StringBuilder();
    private final CharBuffer chars = CharBuffer.allocate(AT_ONCE);
    /** What is left of a character that was cut in two. */
    private byte[] rest = {};

    private @Nullable CharsetDecoder decoder;
    private boolean begun;
    private boolean afterCr;

    TextLines(@Nullable String contentType, int max, Supplier<? extends RuntimeException> tooLong) {
        this.contentType = contentType;
        this.max = max;
        this.tooLong = tooLong;
    }

    /** The lines that end in this chunk, which stays the caller's. */
    List<String> feed(ByteBuf chunk) {
        byte[] in = Arrays.copyOf(rest, rest.length + chunk.readableBytes());
        chunk.getBytes(chunk.readerIndex(), in, rest.length, chunk.readableBytes());
        return decode(in, false);
    }

    /** The last line, where no line end follows it. */
    List<String> end() {
        List<String> last = decode(rest, true);
        if (!line.isEmpty()) {
            last.add(line.toString());
        }
        return last;
    }

    private List<String> decode(byte[] bytes, boolean end) {
        if (decoder == null) {
            decoder = BodyText.charset(contentType, bytes)
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<String> lines = new ArrayList<>();
        CoderResult result;
        do {
            result = decoder.decode(in, chars, end);
            if (end && result.isUnderflow()) {
                result = decoder.flush(chars);
            }
            split(chars.flip(), lines);
            chars.clear();
        } while (result.isOverflow());
        rest = Arrays.copyOfRange(bytes, in.position(), bytes.length);
        return lines;
    }

    private void split(CharBuffer text, List<String> lines) {
        while (text.hasRemaining()) {
            char c = text.get();
            boolean mark = !begun && c == '\uFEFF';
            boolean secondHalf = afterCr && c == '\n';
            begun = true;
            afterCr = c == '\r';
            if (mark || secondHalf) {
                continue;
            }
            if (c == '\n' || c == '\r') {
                lines.add(line.toString());
                line.setLength(0);
            } else if (line.length() >= max) {
                throw tooLong.get();
            } else {
                line.append(c);
            }
        }
    }
}
