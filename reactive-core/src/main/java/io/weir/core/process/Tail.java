package io.weir.core.process;

import java.nio.charset.Charset;
import java.util.Arrays;

/** The last 2 KiB of a stream. */
final class Tail {
    private static final int MOST = 2048;

    private byte[] last = {};

    static Tail of(byte[] all) {
        Tail tail = new Tail();
        tail.add(all);
        return tail;
    }

    void add(byte[] chunk) {
        byte[] joined = Arrays.copyOf(last, last.length + chunk.length);
        System.arraycopy(chunk, 0, joined, last.length, chunk.length);
        last = joined.length <= MOST ? joined : Arrays.copyOfRange(joined, joined.length - MOST, joined.length);
    }

    String text(Charset charset) {
        return new String(last, charset);
    }
}
