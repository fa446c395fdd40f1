package io.weir.files;

import java.nio.ByteBuffer;

/** Bytes in, other bytes out, between buffers that belong to the caller. One thread at a time. */
interface Coder {

    /**
     * Consumes and produces until all is consumed or there is no more room. When there was no more room it is called again, also
     * if all was consumed: it may have kept some.
     */
    void code(ByteBuffer in, ByteBuffer out);

    /** Nothing more will come in. Produces what is left; true when that was all, false when it needs more room. */
    boolean end(ByteBuffer out);

    /** Frees what is held outside the heap. */
    void close();
}
