package io.weir.core.coroutine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Counts what a subscriber is told, and what the hooks of its Context are given instead. */
final class Witness implements CoreSubscriber<Object> {
    final AtomicInteger values = new AtomicInteger();
    final AtomicInteger completions = new AtomicInteger();
    final AtomicInteger errors = new AtomicInteger();
    final AtomicInteger discarded = new AtomicInteger();
    final AtomicInteger dropped = new AtomicInteger();
    private final Context context;

    Witness() {
        Consumer<Throwable> drop = error -> dropped.incrementAndGet();
        context = Operators.enableOnDiscard(Context.empty(), value -> discarded.incrementAndGet())
                .put("reactor.onErrorDropped.local", drop);
    }

    /** Errors, completions and values, a decimal digit each. */
    int told() {
        return errors.get() * 100 + completions.get() * 10 + values.get();
    }

    @Override
    public void onSubscribe(Subscription subscription) {}

    @Override
    public void onNext(Object value) {
        values.incrementAndGet();
    }

    @Override
    public void onError(Throwable error) {
        errors.incrementAndGet();
    }

    @Override
    public void onComplete() {
        completions.incrementAndGet();
    }

    @Override
    public Context currentContext() {
        return context;
    }
}
