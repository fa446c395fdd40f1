package io.weir.core.debug;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.NonBlocking;

/**
 * One of Reactor's threads that must not block, counting the tasks it begins and ends: odd while it runs one. Its thread writes, the
 * looking thread reads; no order is needed, as a number that is read late only makes a task look shorter.
 */
final class RunningThread extends Watched {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(RunningThread.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final WeakReference<Thread> thread = new WeakReference<>(Thread.currentThread());

    @SuppressWarnings("UnusedVariable") // through COUNT
    private long count;

    /** {@code task}, counted if it runs on such a thread. */
    static Runnable counted(Runnable task, ThreadLocal<RunningThread> here) {
        return () -> {
            if (Thread.currentThread() instanceof NonBlocking) {
                here.get().run(task);
            } else {
                task.run();
            }
        };
    }

    private void run(Runnable task) {
        long now = count;
        if ((now & 1) != 0) { // inside of another one, which is what takes the time
            task.run();
            return;
        }
        COUNT.setOpaque(this, now + 1);
        try {
            task.run();
        } finally {
            COUNT.setOpaque(this, now + 2);
        }
    }

    @Override
    long turn() {
        long now = (long) COUNT.getOpaque(this);
        return (now & 1) != 0 ? now : -1;
    }

    @Override
    @Nullable
    Thread thread() {
        return thread.get();
    }

    boolean isGone() {
        Thread runs = thread.get();
        return runs == null || !runs.isAlive();
    }

    @Override
    boolean isExact() {
        return true;
    }
}
