package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable.Attr;

/**
 * Whether one who asked for something is still there when it comes: for waits whose outcome must go back, and not be emitted,
 * after a cancel.
 *
 * <pre>
 * NEW ──► ASKING ──► ENDED
 *  └─────────┴─────► CANCELLED
 * </pre>
 */
final class Asking {
    private enum Phase {
        NEW,
        ASKING,
        ENDED,
        CANCELLED
    }

    private static final AtomicReferenceFieldUpdater<Asking, Phase> PHASE =
            AtomicReferenceFieldUpdater.newUpdater(Asking.class, Phase.class, "phase");

    private volatile Phase phase = Phase.NEW;

    /** True for the one call that starts to ask. */
    boolean begin() {
        return PHASE.compareAndSet(this, Phase.NEW, Phase.ASKING);
    }

    /** True if the subscriber is to be told; false if it has cancelled, and what came must go back. */
    boolean end() {
        return PHASE.compareAndSet(this, Phase.ASKING, Phase.ENDED);
    }

    /** True if it had begun, and must leave the line. */
    boolean cancel() {
        // NEW first: it is never new again, so a start in between cannot be missed
        return !PHASE.compareAndSet(this, Phase.NEW, Phase.CANCELLED)
                && PHASE.compareAndSet(this, Phase.ASKING, Phase.CANCELLED);
    }

    @Nullable
    Object scan(Attr key, CoreSubscriber<?> subscriber, String name) {
        Phase now = phase;
        return Waiter.scan(key, subscriber, name, now == Phase.ENDED, now == Phase.CANCELLED);
    }
}
