package io.weir.core.task;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * A scheduler's time that never jumps.
 *
 * <p>Reactor's schedulers tell the wall clock's time, which is set back and forth on running machines: a deadline would be
 * hours off, and what is periodic would stand still. Their timers do not follow that clock, and nor do we. A scheduler whose time is far from
 * the wall clock's is a virtual one, whose time holds.
 */
final class Clock {
    private static final long FAR_MILLIS = TimeUnit.MINUTES.toMillis(10);

    private final @Nullable Scheduler virtual;

    private Clock(@Nullable Scheduler virtual) {
        this.virtual = virtual;
    }

    static Clock of(Scheduler scheduler) {
        boolean wall = Math.abs(scheduler.now(TimeUnit.MILLISECONDS) - System.currentTimeMillis()) < FAR_MILLIS;
        return new Clock(wall ? null : scheduler);
    }

    /** Nanoseconds since some moment: only differences mean something. */
    long nanos() {
        return virtual == null ? System.nanoTime() : virtual.now(TimeUnit.NANOSECONDS);
    }
}
