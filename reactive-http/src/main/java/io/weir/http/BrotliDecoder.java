package io.weir.http;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import io.weir.http.FetchContentException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Undoes brotli with brotli4j, whose native half must have been loaded. */
final class BrotliDecoder implements BodyDecoder {
    private static final int AT_ONCE = 16 * 1024;

    private final DecoderJNI.Wrapper decoder;
    private byte[] in = {};
    private int at;
    private boolean fed;
    private boolean closed;

    BrotliDecoder() {
        try {
            decoder = new DecoderJNI.Wrapper(AT_ONCE);
        } catch (IOException e) {
            throw malformed("brotli does not start: " + e.getMessage());
        }
    }

    @Override
    public void feed(byte[] coded) {
        in = coded;
        at = 0;
        fed |= coded.length > 0;
    }

    @Override
    public byte @Nullable [] poll() {
        while (true) {
            if (decoder.hasOutput()) {
                ByteBuffer piece = decoder.pull();
                byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                if (copy.length > 0) {
                    return copy;
                }
            }
            switch (decoder.getStatus()) {
                case OK -> decoder.push(0);
                case NEEDS_MORE_OUTPUT -> {
                    // It is pulled above.
                }
                case NEEDS_MORE_INPUT -> {
                    if (at == in.length) {
                        return null;
                    }
                    ByteBuffer to = decoder.getInputBuffer();
                    to.clear();
                    int length = Math.min(to.remaining(), in.length - at);
                    to.put(in, at, length);
                    at += length;
                    decoder.push(length);
                }
                case DONE -> {
                    if (at < in.length) {
                        throw malformed("something follows its end");
                    }
                    return null;
                }
                case ERROR -> throw malformed("it is not brotli");
            }
        }
    }

    @Override
    public void end() {
        if (fed && decoder.getStatus() != DecoderJNI.Status.DONE) {
            throw DecodingFailure.truncated();
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            decoder.destroy();
        }
    }

    private static DecodingFailure malformed(String why) {
        return new DecodingFailure("the body cannot be decoded: " + why, Reason.MALFORMED);
    }
}
