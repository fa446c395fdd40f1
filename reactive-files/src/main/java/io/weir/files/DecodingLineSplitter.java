package io.weir.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/**
 * Splits after decoding: for UTF-16, for charsets with shift states, for EBCDIC, for all in which a byte of 0x0A need not be
 * a line feed. Decodes one character at a time, because a decoder tells how far it has come in the bytes, which errors
 * report, only between its calls.
 */
final class DecodingLineSplitter implements LineSplitter {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final FileOperation operation;
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final int chunkSize;
    private final int maxLineLength;
    private final CharBuffer character = CharBuffer.allocate(2);
    private final StringBuilder line = new StringBuilder();

    private ByteBuffer in = ByteBuffer.allocate(0);
    private long offset; // in the file, of in's first byte
    private long lineOffset;
    private boolean ended;
    private boolean flushing; // all bytes are decoded, and the decoder may still hold characters
    private boolean atBeginning;
    private boolean afterCarriageReturn;

    DecodingLineSplitter(FileOperation operation, ReadOptions options, long offset) {
        this.operation = operation;
        this.charset = options.charset();
        this.decoder = TextDecoder.decoder(
                charset, options.isReplacingMalformed() ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT);
        this.chunkSize = options.chunkSize();
        this.maxLineLength = options.maxLineLength();
        this.offset = offset;
        this.lineOffset = offset;
        this.atBeginning = offset == 0;
    }

    @Override
    public ByteBuffer space() {
        // What is left is the beginning of a character: a few bytes.
        int kept = in.remaining();
        byte[] target = in.capacity() - kept >= chunkSize ? in.array() : new byte[kept + chunkSize + Long.BYTES];
        System.arraycopy(in.array(), in.position(), target, 0, kept);
        offset += in.position();
        in = ByteBuffer.wrap(target).limit(kept);
        return ByteBuffer.wrap(target, kept, chunkSize);
    }

    @Override
    public void received(int count) {
        in.limit(in.limit() + count);
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public @Nullable String next() {
        while (decodeCharacter()) {
            char first = character.get(0);
            boolean secondHalf = afterCarriageReturn && first == '\n';
            boolean mark = atBeginning && first == BYTE_ORDER_MARK;
            afterCarriageReturn = first == '\r';
            atBeginning = false;
            if (secondHalf || mark) {
                lineOffset = position();
            } else if (first == '\n' || first == '\r') {
                return takeLine();
            } else {
                line.append(character);
                if (position() - lineOffset > maxLineLength) {
                    throw new LineTooLongException(operation, lineOffset, maxLineLength);
                }
            }
        }
        return ended && line.length() > 0 ? takeLine() : null;
    }

    private String takeLine() {
        String taken = line.toString();
        line.setLength(0);
        lineOffset = position();
        return taken;
    }

    private long position() {
        return offset + in.position();
    }

    /** Decodes the next character, one char or two, into {@link #character}. False when it takes more bytes, or at the end. */
    private boolean decodeCharacter() {
        character.clear();
        if (!flushing) {
            decodeOne();
        }
        if (flushing) {
            decoder.flush(character);
        }
        return character.flip().hasRemaining();
    }

    private void decodeOne() {
        CoderResult result = decoder.decode(in, character.limit(1), ended);
        if (result.isOverflow() && character.position() == 0) {
            result = decoder.decode(in, character.limit(2), ended);
        }
        if (character.position() == 0) {
            if (result.isError()) {
                throw MalformedTextException.reading(operation, position(), charset);
            }
            flushing = ended;
        }
    }
}
