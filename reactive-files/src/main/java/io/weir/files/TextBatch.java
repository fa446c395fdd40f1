package io.weir.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Pieces of text, encoded one after the other into one array. One encoder serves the whole file, so that UTF-16 writes its
 * byte order mark once and a charset with shift states returns to its first state at the end.
 */
final class TextBatch implements Batch<CharSequence> {
    private static final int FULL = 256 << 10;
    private static final int BYTES_PER_WRITE = 1 << 20;
    private static final int FIRST_CAPACITY = 512;

    private final FileOperation operation;
    private final Charset charset;
    private final CharsetEncoder encoder;
    private final String ending;

    private char[] chars = new char[0];
    private ByteBuffer encoded = ByteBuffer.allocate(FIRST_CAPACITY);
    private int written;

    /** Each piece is written with the ending: a line feed, or nothing. */
    TextBatch(FileOperation operation, Charset charset, String ending) {
        this.operation = operation;
        this.charset = charset;
        this.encoder = charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.ending = ending;
    }

    @Override
    public boolean add(CharSequence piece) {
        String text = piece.toString();
        int length = text.length() + ending.length();
        if (chars.length < length) {
            chars = new char[Math.max(length, 2 * chars.length)];
        }
        // Encoders are fast on arrays, and several times slower on a CharBuffer that wraps a String.
        text.getChars(0, text.length(), chars, 0);
        ending.getChars(0, ending.length(), chars, text.length());
        CharBuffer in = CharBuffer.wrap(chars, 0, length);
        int before = encoded.position();
        boolean complete = encode(in);
        // A high surrogate that ends the text waits for its other half, which will not come.
        if (!complete || in.hasRemaining()) {
            encoded.position(before);
            throw MalformedTextException.writing(operation, in.position(), charset);
        }
        return true;
    }

    private boolean encode(CharBuffer in) {
        CoderResult result = encoder.encode(in, encoded, false);
        while (result.isOverflow()) {
            grow();
            result = encoder.encode(in, encoded, false);
        }
        return !result.isError();
    }

    @Override
    public void end() {
        CharBuffer nothing = CharBuffer.allocate(0);
        while (encoder.encode(nothing, encoded, true).isOverflow()
                || encoder.flush(encoded).isOverflow()) {
            grow();
        }
    }

    private void grow() {
        encoded = ByteBuffer.allocate(Math.max(2 * encoded.capacity(), FIRST_CAPACITY))
                .put(encoded.flip());
    }

    @Override
    public boolean isFull() {
        return encoded.position() >= FULL;
    }

    @Override
    public boolean isEmpty() {
        return encoded.position() == written;
    }

    @Override
    public long writeTo(GatheringByteChannel channel) throws IOException {
        int size = Math.min(BYTES_PER_WRITE, encoded.position() - written);
        int count = channel.write(ByteBuffer.wrap(encoded.array(), written, size));
        written += count;
        if (isEmpty()) {
            encoded.clear();
            written = 0;
        }
        return count;
    }

    @Override
    public void discard(CharSequence piece, Context context) {
        Operators.onDiscard(piece, context);
    }

    @Override
    public void close() {}
}
