package io.weir.core.task;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Counts what a subscriber is told, and what the hooks are given instead; notices two ends, and a signal beside another. */
final class Witness<T> implements CoreSubscriber<T> {
    /** What nobody may be told. */
    static final int BROKEN = 9;

    final AtomicInteger discarded = new AtomicInteger();
    final AtomicInteger dropped = new AtomicInteger();
    final AtomicInteger values = new AtomicInteger();
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final Context context;
    private final long demand;
    private volatile @Nullable Throwable error;
    private volatile @Nullable Subscription subscription;
    private volatile boolean broken;

    Witness() {
        this(Long.MAX_VALUE);
    }

    Witness(long demand) {
        Consumer<Throwable> drop = e -> dropped.incrementAndGet();
        this.demand = demand;
        this.context = Operators.enableOnDiscard(Context.empty(), v -> discarded.incrementAndGet())
                .put("reactor.onErrorDropped.local", drop);
    }

    /** 0 nothing, 1 a value and completion, 2 an error, 3 completion alone, 4 a value and no end. */
    int code() {
        int ends = completions.get() + errors.get();
        if (broken || ends > 1 || values.get() > 1 || (errors.get() == 1 && values.get() > 0)) {
            return BROKEN;
        }
        if (errors.get() == 1) {
            return 2;
        }
        return ends == 1 ? (values.get() == 1 ? 1 : 3) : values.get() == 1 ? 4 : 0;
    }

    boolean isBroken() {
        return broken || completions.get() + errors.get() > 1;
    }

    int errors() {
        return errors.get();
    }

    /** How many errors are suppressed on the one that was told. */
    int suppressed() {
        Throwable told = error;
        return told == null ? 0 : told.getSuppressed().length;
    }

    void request(long n) {
        Subscription current = subscription;
        if (current != null) {
            current.request(n);
        }
    }

    void cancel() {
        Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        if (demand > 0) {
            s.request(demand);
        }
    }

    @Override
    public void onNext(T value) {
        enter();
        values.incrementAndGet();
        inside.decrementAndGet();
    }

    @Override
    public void onError(Throwable told) {
        enter();
        error = told;
        errors.incrementAndGet();
        inside.decrementAndGet();
    }

    @Override
    public void onComplete() {
        enter();
        completions.incrementAndGet();
        inside.decrementAndGet();
    }

    private void enter() {
        if (inside.incrementAndGet() != 1 || completions.get() + errors.get() > 0) {
            broken = true;
        }
    }
}
