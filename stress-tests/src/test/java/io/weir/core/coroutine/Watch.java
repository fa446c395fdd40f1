package io.weir.core.coroutine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Finds a thread that was not woken: the actor that should have woken it waits a while for it to be awake, and wakes it then. */
final class Watch {
    private static final long LONG = TimeUnit.SECONDS.toNanos(5);

    private volatile @Nullable Thread waiting;
    private volatile boolean awake;

    /** Runs {@code wait} on this thread. */
    void over(Runnable wait) {
        waiting = Thread.currentThread();
        wait.run();
        awake = true;
    }

    /** 1 if it had to be woken again to get to its end, and 0 as it should be. */
    int slept() {
        return slept(() -> awake);
    }

    /** As {@link #slept()}, until something else than its end has come about. */
    int slept(BooleanSupplier done) {
        long start = System.nanoTime();
        int slept = 0;
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - start > LONG) {
                slept = 1;
                LockSupport.unpark(waiting);
            }
            Thread.onSpinWait();
        }
        return slept;
    }
}
