package io.weir.core.offload;

/** What a worker can be handed: one job, or a {@link SerialWorker}'s line of them. */
interface Work {
    /** On the worker. Tells what it did in {@code slot}; must not throw. */
    void run(Slot slot);

    /** True if there is nothing left to do, so that a sweep may take it out of the queue. */
    boolean isObsolete();

    /** The pool was closed at once: whoever waits for this is told so. */
    void refuse(OffloadRejectedException closed);
}
