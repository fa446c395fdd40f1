package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A subscriber that counts what it is told, and notices what nobody may be told: two ends, or a signal beside another. */
final class Probe<T> implements CoreSubscriber<T> {
    /** Neither an element nor an end. */
    static final int NOTHING = 0;

    /** One element and completion. */
    static final int VALUE = 1;

    /** An error and nothing else. */
    static final int ERROR = 2;

    /** Completion and nothing else. */
    static final int EMPTY = 3;

    /** Elements, and no end. */
    static final int OPEN = 4;

    /** What Reactive Streams forbids, or what no race here can give. */
    static final int BROKEN = 9;

    private final long demand;
    private final Context context;
    private final AtomicInteger inSignal = new AtomicInteger();
    private volatile @Nullable Subscription subscription;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger completions = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private volatile boolean broken;
    private volatile @Nullable T last;

    Probe() {
        this(Long.MAX_VALUE);
    }

    Probe(long demand) {
        this.demand = demand;
        this.context = Context.empty();
    }

    Probe(Consumer<Object> onDiscard) {
        this.demand = Long.MAX_VALUE;
        this.context = Operators.enableOnDiscard(Context.empty(), onDiscard);
    }

    int count() {
        return count.get();
    }

    /** The newest element, or null. */
    @Nullable
    T last() {
        return last;
    }

    boolean isBroken() {
        return broken;
    }

    boolean hasEnded() {
        return completions.get() + errors.get() > 0;
    }

    @Nullable
    Subscription subscription() {
        return subscription;
    }

    /** What it was told, in one digit. */
    int code() {
        int elements = count.get();
        int ends = completions.get() + errors.get();
        if (broken || ends > 1) {
            return BROKEN;
        }
        if (errors.get() == 1) {
            return elements == 0 ? ERROR : BROKEN;
        }
        if (ends == 1) {
            return elements == 0 ? EMPTY : elements == 1 ? VALUE : BROKEN;
        }
        return elements == 0 ? NOTHING : OPEN;
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
    public void onNext(T element) {
        enter();
        last = element;
        count.incrementAndGet();
        inSignal.decrementAndGet();
    }

    @Override
    public void onComplete() {
        enter();
        completions.incrementAndGet();
        inSignal.decrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
        enter();
        errors.incrementAndGet();
        inSignal.decrementAndGet();
    }

    private void enter() {
        if (inSignal.incrementAndGet() != 1 || hasEnded()) {
            broken = true;
        }
    }
}
