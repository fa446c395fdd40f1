package io.weir.files;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in, lines out. CR, LF and CRLF end a line, wherever the reads cut the file; a last line needs no ending; a byte
 * order mark at the beginning is dropped. Knows nothing of where the bytes come from. One thread at a time.
 */
interface LineSplitter {

    /** Room for the next read, a chunk at most, to be filled from its position on. */
    ByteBuffer space();

    /** That many bytes have been put into the last {@link #space()}. */
    void received(int count);

    /** No more bytes will come. */
    void end();

    /** The next line, without its ending, or null when more bytes are needed or nothing is left. */
    @Nullable
    String next();

    /** For a file from an offset on, which errors count from the file's beginning. */
    static LineSplitter of(FileOperation operation, ReadOptions options, int firstRead, long offset) {
        return TextDecoder.keepsAsciiLineEndings(options.charset())
                ? new ByteLineSplitter(operation, options, firstRead, offset)
                : new DecodingLineSplitter(operation, options, offset);
    }
}
