package io.weir.core.debug;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one publisher that was made: where, and whether it is of use to anybody. Outlives its publisher, in the {@link Live} it
 * belongs to, until that is collected; one that is of use is forgotten at once.
 *
 * <p><b>State.</b> {@code used}: false, then true. <b>Writers.</b> Whoever subscribes to the publisher, or calls it, or finds it in another
 * one. <b>Publication.</b> A publisher keeps itself reachable until that is written, so who takes this from the queue of
 * the collected reads what was written last.
 */
final class Made extends PhantomReference<Tracked> {
    private final Live live;
    private final String type;
    private final CallSite maker;
    private final CallSite last;
    private volatile boolean used;

    /** {@code maker}: where the first of Weir's publishers in it was made. */
    Made(Tracked publisher, String type, CallSite maker, CallSite last, Live live) {
        super(publisher, live.collected);
        this.live = live;
        this.type = type;
        this.maker = maker;
        this.last = last;
        live.all.add(this);
    }

    CallSite maker() {
        return maker;
    }

    void use() {
        if (!used) {
            used = true;
            live.all.remove(this);
        }
    }

    /** For who took this from {@link Live#collected}; null if it was used. */
    Report.@Nullable NeverSubscribed report() {
        return live.all.remove(this) && !used
                ? new Report.NeverSubscribed(type, maker.maker(), last.maker(), last.frames(), 1)
                : null;
    }

    /** Those of which it is not known yet. */
    static final class Live {
        final ReferenceQueue<Object> collected = new ReferenceQueue<>();
        final Set<Made> all = ConcurrentHashMap.newKeySet();

        /** Forgets all, and wakes who waits for one. */
        void close() {
            all.clear();
            new PhantomReference<>(this, collected).enqueue();
        }
    }
}
