package io.weir.http;

import io.weir.http.FetchContentException.Reason;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds a decoder to the expansion a client allows, and tells whose body it is that cannot be decoded. */
final class BoundedDecoder implements BodyDecoder {
    /** So much may come of any input: what is small does not hurt, and compresses well. */
    private static final long FREE = 1 << 20;

    private final BodyDecoder decoder;
    private final int maxExpansion;
    private final Supplier<Failure> failure;
    private long in;
    private long out;

    BoundedDecoder(BodyDecoder decoder, int maxExpansion, Supplier<Failure> failure) {
        this.decoder = decoder;
        this.maxExpansion = maxExpansion;
        this.failure = failure;
    }

    @Override
    public void feed(byte[] coded) {
        in += coded.length;
        decoder.feed(coded);
    }

    @Override
    public byte @Nullable [] poll() {
        byte[] piece;
        try {
            piece = decoder.poll();
        } catch (DecodingFailure e) {
            throw typed(e);
        } catch (RuntimeException e) {
            throw typed(new DecodingFailure("the body cannot be decoded: " + e.getMessage(), Reason.MALFORMED));
        }
        out += piece == null ? 0 : piece.length;
        if (out > FREE && out > in * maxExpansion) {
            throw new FetchLimitException("maxExpansion", maxExpansion, failure.get(), null);
        }
        return piece;
    }

    @Override
    public void end() {
        try {
            decoder.end();
        } catch (DecodingFailure e) {
            throw typed(e);
        }
    }

    @Override
    public void close() {
        decoder.close();
    }

    private FetchContentException typed(DecodingFailure e) {
        return new FetchContentException(String.valueOf(e.getMessage()), e.reason(), failure.get(), e);
    }
}
