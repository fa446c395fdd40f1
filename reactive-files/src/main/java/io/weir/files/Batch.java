package io.weir.files;

import java.io.IOException;
import java.nio.channels.GatheringByteChannel;
import reactor.util.context.Context;

/** Elements on their way into a file, so many that a call to the system is worth its price. One thread at a time. */
interface Batch<T> {

    /**
     * Takes an element over, also when it throws; what was added before stays and can be written. True: its content was copied,
     * and the element is done with. False: it is held until it is written.
     */
    boolean add(T element);

    /** No element will follow: adds what the format closes with, if anything. */
    void end();

    /** Whether to write before adding more. */
    boolean isFull();

    /** Whether nothing is left to write. */
    boolean isEmpty();

    /** Writes once, as much as the system takes. Returns the number of bytes. */
    long writeTo(GatheringByteChannel channel) throws IOException;

    /** Disposes of an element that will not be added. */
    void discard(T element, Context context);

    /** Frees what is left. */
    void close();
}
