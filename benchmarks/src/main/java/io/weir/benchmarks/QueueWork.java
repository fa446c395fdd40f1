package io.weir.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** What goes through a queue in one run, whoever the queue is of. */
public abstract class QueueWork extends OnThreads {
    static final int ELEMENTS = 240_000;

    /** Producers to consumers. */
    @Param({"1:1", "4:4", "1000:1"})
    public String shape = "1:1";

    /** The queue's bound; 0 is a rendezvous. */
    @Param({"64", "1", "0"})
    public int capacity = 64;

    final int producers() {
        return Integer.parseInt(shape.substring(0, shape.indexOf(':')));
    }

    final int consumers() {
        return Integer.parseInt(shape.substring(shape.indexOf(':') + 1));
    }

    final int putsEach() {
        return ELEMENTS / producers();
    }

    final int takesEach() {
        return ELEMENTS / consumers();
    }
}
