package io.weir.core.coroutine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    /** 1 if it had to be woken again, and 0 as it should be. */
    int slept() {
        long start = System.nanoTime();
        while (!awake) {
            if (System.nanoTime() - start > LONG) {
                while (!awake) {
                    LockSupport.unpark(waiting);
                    Thread.onSpinWait();
                }
                return 1;
            }
            Thread.onSpinWait();
        }
        return 0;
    }
}
