package io.weir.core.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** All forms of {@link Gather}: an array of slots, a counter of what has not ended, and a policy for errors. */
final class GatherMono<R> extends Mono<R> {
    private final Iterable<? extends Mono<?>> sources;
    private final int concurrency;
    private final boolean failFast;
    private final Function<@Nullable Object[], R> result;

    GatherMono(
            Iterable<? extends Mono<?>> sources,
            int concurrency,
            boolean failFast,
            Function<@Nullable Object[], R> result) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, and is " + concurrency);
        }
        this.sources = Objects.requireNonNull(sources);
        this.concurrency = concurrency;
        this.failFast = failFast;
        this.result = result;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> subscriber) {
        List<Mono<?>> monos = new ArrayList<>();
        try {
            sources.forEach(mono -> monos.add(Objects.requireNonNull(mono, "a source is null")));
        } catch (Throwable t) {
            Operators.error(subscriber, Operators.onOperatorError(t, subscriber.currentContext()));
            return;
        }
        subscriber.onSubscribe(new Gathering<>(this, monos, subscriber));
    }

    /** What a slot holds for a source that failed, where that does not end the gathering. */
    record Failed(Throwable error) {}

    /**
     * One run.
     *
     * <p><b>State.</b> NEW until the first request, so that the result never waits for demand; RUNNING until the last source has ended, the first has failed (fail-fast), or the subscriber has cancelled;
     * whoever moves {@code phase} away tells the outcome, and nobody else does. A slot is written by its source only; after an
     * early end, writer and ender both take the value out again, and who gets it discards it.
     *
     * <p><b>Starting.</b> One thread at a time starts sources: the one that raised {@code wip} from zero. A source that ends while
     * it is being started only adds to {@code wip}, so a million sources that complete at once need no stack.
     */
    private static final class Gathering<R> implements Subscription, Scannable {
        private enum Phase {
            NEW,
            RUNNING,
            COMPLETE,
            FAILED,
            CANCELLED
        }

        private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

        private static final AtomicIntegerFieldUpdater<Gathering> LEFT =
                AtomicIntegerFieldUpdater.newUpdater(Gathering.class, "left");

        private static final AtomicIntegerFieldUpdater<Gathering> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Gathering.class, "wip");

        private static final AtomicIntegerFieldUpdater<Gathering> ACTIVE =
                AtomicIntegerFieldUpdater.newUpdater(Gathering.class, "active");

        private static final AtomicReferenceFieldUpdater<Gathering, Throwable> FAILURE =
                AtomicReferenceFieldUpdater.newUpdater(Gathering.class, Throwable.class, "failure");

        private final CoreSubscriber<? super R> subscriber;
        private final GatherMono<R> how;
        private final List<Mono<?>> monos;
        private final @Nullable Object[] slots;
        private final AtomicReferenceArray<@Nullable Source> running;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
        private volatile @Nullable Throwable failure;
        private volatile int left;
        private volatile int wip;
        private volatile int active;
        private int started; // by the starting thread only

        Gathering(GatherMono<R> how, List<Mono<?>> monos, CoreSubscriber<? super R> subscriber) {
            this.subscriber = subscriber;
            this.how = how;
            this.monos = monos;
            this.slots = new Object[monos.size()];
            this.running = new AtomicReferenceArray<>(monos.size());
            this.left = monos.size();
        }

        /** Starts what may be started. */
        private void proceed() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                int endedAtOnce = 0;
                while (started < slots.length && active < how.concurrency && phase.get() == Phase.RUNNING) {
                    if (start(started++)) {
                        endedAtOnce++;
                    }
                }
                if (phase.get() == Phase.RUNNING && LEFT.addAndGet(this, -endedAtOnce) == 0) {
                    succeed();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        /** Starts one source; true if it has its value, or has none, without having been subscribed. */
        private boolean start(int index) {
            Mono<?> mono = monos.get(index);
            if (mono instanceof Callable<?> immediate) {
                try {
                    slots[index] = immediate.call();
                } catch (Throwable t) { // an Error too: a subscriber that hears nothing waits for ever
                    return !failed(index, t);
                }
                return true;
            }
            Source source = new Source(this, index);
            running.set(index, source);
            ACTIVE.incrementAndGet(this);
            mono.subscribe((Subscriber<Object>) source);
            if (phase.get() != Phase.RUNNING && running.compareAndSet(index, source, null)) {
                source.cancel(); // whoever ended it may have looked before the source was there
            }
            return false;
        }

        void value(int index, Object value) {
            SLOT.setVolatile(slots, index, value);
            if (phase.get() != Phase.RUNNING) {
                discardSlot(index);
            }
        }

        void ended(int index) {
            running.set(index, null);
            ACTIVE.decrementAndGet(this);
            if (LEFT.decrementAndGet(this) == 0) {
                succeed();
            } else if (started < slots.length) {
                proceed();
            }
        }

        void error(int index, Throwable error) {
            running.set(index, null);
            discardSlot(index);
            if (!failed(index, error)) {
                ended(index);
            }
        }

        /** True if the error ends, or has ended, the gathering; false if it is kept in the slot. */
        private boolean failed(int index, Throwable error) {
            if (!how.failFast) {
                SLOT.setVolatile(slots, index, new Failed(error));
                return false;
            }
            boolean first = FAILURE.compareAndSet(this, null, error);
            if (first && phase.compareAndSet(Phase.RUNNING, Phase.FAILED)) {
                abandon();
                subscriber.onError(error);
            } else if (first) {
                Operators.onErrorDropped(error, currentContext()); // after a cancel
            } else {
                Throwable told = Objects.requireNonNull(failure);
                if (told != error) {
                    told.addSuppressed(error);
                }
            }
            return true;
        }

        private void succeed() {
            if (phase.compareAndSet(Phase.RUNNING, Phase.COMPLETE)) {
                R outcome;
                try {
                    outcome = Objects.requireNonNull(how.result.apply(slots), "the combiner returned null");
                } catch (Throwable t) {
                    subscriber.onError(Operators.onOperatorError(t, currentContext()));
                    return;
                }
                subscriber.onNext(outcome);
                subscriber.onComplete();
            }
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && phase.compareAndSet(Phase.NEW, Phase.RUNNING)) {
                proceed();
            }
        }

        @Override
        public void cancel() {
            if (!phase.compareAndSet(Phase.NEW, Phase.CANCELLED)
                    && phase.compareAndSet(Phase.RUNNING, Phase.CANCELLED)) {
                abandon();
            }
        }

        private void abandon() {
            for (int i = 0; i < slots.length; i++) {
                Source source = running.getAndSet(i, null);
                if (source != null) {
                    source.cancel();
                }
                discardSlot(i);
            }
        }

        private void discardSlot(int index) {
            Object value = SLOT.getAndSet(slots, index, null);
            if (value != null && !(value instanceof Failed)) {
                Operators.onDiscard(value, currentContext());
            }
        }

        Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.BUFFERED) {
                return slots.length - left;
            }
            if (key == Attr.TERMINATED) {
                return phase.get() == Phase.COMPLETE || phase.get() == Phase.FAILED;
            }
            if (key == Attr.CANCELLED) {
                return phase.get() == Phase.CANCELLED;
            }
            return key == Attr.NAME ? "gather" : null;
        }
    }

    /** The subscriber of one source. */
    private static final class Source implements CoreSubscriber<Object>, Scannable {
        private static final AtomicReferenceFieldUpdater<Source, Subscription> SUBSCRIPTION =
                AtomicReferenceFieldUpdater.newUpdater(Source.class, Subscription.class, "subscription");

        private final Gathering<?> gathering;
        private final int index;
        private volatile @Nullable Subscription subscription;
        private boolean done;

        Source(Gathering<?> gathering, int index) {
            this.gathering = gathering;
            this.index = index;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.setOnce(SUBSCRIPTION, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Object value) {
            if (done) {
                Operators.onNextDropped(value, currentContext());
            } else {
                gathering.value(index, value);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                Operators.onErrorDropped(error, currentContext());
            } else {
                done = true;
                gathering.error(index, error);
            }
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                gathering.ended(index);
            }
        }

        void cancel() {
            Operators.terminate(SUBSCRIPTION, this);
        }

        @Override
        public Context currentContext() {
            return gathering.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return subscription;
            }
            if (key == Attr.ACTUAL) {
                return gathering;
            }
            if (key == Attr.CANCELLED) {
                return subscription == Operators.cancelledSubscription();
            }
            return null;
        }
    }
}
