package io.weir.http;

import org.jspecify.annotations.Nullable;

/**
 * Undoes a content coding piece by piece: fed when it has nothing more to give, so that what one piece of input expands to
 * is never in memory at once. Used by one thread at a time.
 */
interface BodyDecoder {
    /** Takes the next of the input, which is not changed afterwards. */
    void feed(byte[] coded);

    /** The next of the output, never empty; null where there is none without more input. */
    byte @Nullable [] poll();

    /** Checks, when there is no more input and no more output, that the end was reached. */
    void end();

    /** Frees what is not the collector's to free. May be called twice. */
    void close();

    /** No coding: what comes out is what went in. */
    static BodyDecoder identity() {
        return new BodyDecoder() {
            private byte @Nullable [] piece;

            @Override
            public void feed(byte[] coded) {
                piece = coded.length == 0 ? null : coded;
            }

            @Override
            public byte @Nullable [] poll() {
                byte[] next = piece;
                piece = null;
                return next;
            }

            @Override
            public void end() {
                // Where it ends is for the framing to say.
            }

            @Override
            public void close() {
                piece = null;
            }
        };
    }
}
