package io.weir.core.task;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A subscriber that counts what it is told, and what is discarded instead. */
final class Hearing<T> implements CoreSubscriber<T> {
    final AtomicInteger values = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private final AtomicInteger inSignal = new AtomicInteger();
    private final long demand;
    private final Context context;
    volatile @Nullable Throwable error;
    private volatile @Nullable Subscription subscription;
    private volatile boolean broken;

    Hearing(long demand) {
        this.demand = demand;
        java.util.function.Consumer<Throwable> drop = e -> dropped.incrementAndGet();
        this.context = Operators.enableOnDiscard(Context.empty(), value -> discarded.incrementAndGet())
                .put("reactor.onErrorDropped.local", drop);
    }

    /** In tens the errors that were dropped; in ones: 0 nothing, 1 values and completion, 2 an error, 3 completion, 4 values, 9 broken. */
    int code() {
        int ends = completions.get() + errors.get();
        int code;
        if (broken || ends > 1 || (errors.get() == 1 && values.get() > 0)) {
            code = 9;
        } else if (errors.get() == 1) {
            code = 2;
        } else if (ends == 1) {
            code = values.get() > 0 ? 1 : 3;
        } else {
            code = values.get() > 0 ? 4 : 0;
        }
        return 10 * dropped.get() + code;
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
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    public void onNext(T value) {
        enter();
        values.incrementAndGet();
        inSignal.decrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
        enter();
        this.error = error;
        errors.incrementAndGet();
        inSignal.decrementAndGet();
    }

    @Override
    public void onComplete() {
        enter();
        completions.incrementAndGet();
        inSignal.decrementAndGet();
    }

    private void enter() {
        if (inSignal.incrementAndGet() != 1 || completions.get() + errors.get() > 0) {
            broken = true;
        }
    }
}
