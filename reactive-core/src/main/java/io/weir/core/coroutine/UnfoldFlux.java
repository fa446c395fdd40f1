package io.weir.core.coroutine;

import io.weir.core.coroutine.Generators.Step;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link Generators#unfold}. */
final class UnfoldFlux<T, S> extends Flux<T> {
    private final S seed;
    private final Function<? super S, ? extends Mono<? extends Step<? extends T, ? extends S>>> step;

    UnfoldFlux(S seed, Function<? super S, ? extends Mono<? extends Step<? extends T, ? extends S>>> step) {
        this.seed = seed;
        this.step = step;
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        subscriber.onSubscribe(new Unfolding<>(this, subscriber));
    }

    /**
     * One run.
     *
     * <p><b>Writers.</b> Who raised {@code wip} from zero starts steps, as long as none is in flight. A step in flight is ended by its own
     * signals, which take its result in, lower {@code flying} and go on through {@code wip}. So {@code state} and {@code ended} have one
     * writer at a time, and {@code flying} publishes them. <b>Loss.</b> A result that comes after a cancel is discarded.
     */
    private static final class Unfolding<T, S> implements Subscription, Scannable {
        private static final AtomicIntegerFieldUpdater<Unfolding> WIP =
                AtomicIntegerFieldUpdater.newUpdater(Unfolding.class, "wip");
        private static final AtomicLongFieldUpdater<Unfolding> DEMAND =
                AtomicLongFieldUpdater.newUpdater(Unfolding.class, "demand");
        private static final AtomicReferenceFieldUpdater<Unfolding, Subscription> FLIGHT =
                AtomicReferenceFieldUpdater.newUpdater(Unfolding.class, Subscription.class, "flight");

        private final UnfoldFlux<T, S> how;
        private final CoreSubscriber<? super T> subscriber;
        private volatile int wip;
        private volatile long demand;
        private volatile @Nullable Subscription flight;
        private volatile boolean cancelled;
        private S state;
        private volatile boolean flying;
        private boolean ended;

        Unfolding(UnfoldFlux<T, S> how, CoreSubscriber<? super T> subscriber) {
            this.how = how;
            this.subscriber = subscriber;
            this.state = how.seed;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(DEMAND, this, n);
                proceed();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            Operators.terminate(FLIGHT, this);
        }

        private void proceed() {
            if (WIP.getAndIncrement(this) != 0) {
                return;
            }
            int missed = 1;
            do {
                while (!flying && !ended && !cancelled && demand != 0) {
                    start();
                }
                missed = WIP.addAndGet(this, -missed);
            } while (missed != 0);
        }

        private void start() {
            Mono<? extends Step<? extends T, ? extends S>> mono;
            try {
                mono = Objects.requireNonNull(how.step.apply(state), "a step returned null");
                if (mono instanceof Callable<?> immediate) {
                    took(step(immediate.call()));
                    return;
                }
            } catch (Throwable t) {
                fail(Operators.onOperatorError(t, subscriber.currentContext()));
                return;
            }
            flying = true;
            subscribe(mono);
        }

        @SuppressWarnings("unchecked") // a Mono of steps is a Callable of steps
        private @Nullable Step<? extends T, ? extends S> step(@Nullable Object result) {
            return (Step<? extends T, ? extends S>) result;
        }

        @SuppressWarnings("unchecked") // a Step is only read
        private void subscribe(Mono<? extends Step<? extends T, ? extends S>> mono) {
            ((Mono<Step<? extends T, ? extends S>>) mono)
                    .subscribe((Subscriber<Step<? extends T, ? extends S>>) new Flight<>(this));
        }

        /** Takes in what a step gave. */
        private void took(@Nullable Step<? extends T, ? extends S> result) {
            if (result == null) {
                complete();
            } else if (cancelled) {
                Operators.onDiscard(result.value(), subscriber.currentContext());
            } else {
                Operators.produced(DEMAND, this, 1);
                S next = result.next();
                subscriber.onNext(result.value());
                if (next == null) {
                    complete();
                } else {
                    state = next;
                }
            }
        }

        private void complete() {
            ended = true;
            if (!cancelled) {
                subscriber.onComplete();
            }
        }

        private void fail(Throwable error) {
            ended = true;
            if (cancelled) {
                Operators.onErrorDropped(error, subscriber.currentContext());
            } else {
                subscriber.onError(error);
            }
        }

        /** The step in flight has ended. */
        private void landed(@Nullable Step<? extends T, ? extends S> result) {
            Subscription ended = flight;
            if (ended != Operators.cancelledSubscription()) {
                FLIGHT.compareAndSet(this, ended, null);
            }
            took(result);
            flying = false;
            proceed();
        }

        private void crashed(Throwable error) {
            fail(error);
            flying = false;
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.PARENT) {
                return flight;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return demand;
            }
            if (key == Attr.TERMINATED) {
                return ended;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            return key == Attr.NAME ? "unfold" : null;
        }
    }

    /** The subscriber of a step that was not complete at once. */
    private static final class Flight<T, S> implements CoreSubscriber<Step<? extends T, ? extends S>> {
        private final Unfolding<T, S> unfolding;
        private @Nullable Step<? extends T, ? extends S> result;
        private boolean done;

        Flight(Unfolding<T, S> unfolding) {
            this.unfolding = unfolding;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.set(Unfolding.FLIGHT, unfolding, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(Step<? extends T, ? extends S> next) {
            if (done || result != null) {
                Operators.onNextDropped(next.value(), currentContext());
            } else if (unfolding.cancelled) {
                Operators.onDiscard(next.value(), currentContext());
            } else {
                result = next;
            }
        }

        @Override
        public void onError(Throwable error) {
            if (done) {
                Operators.onErrorDropped(error, currentContext());
                return;
            }
            done = true;
            unfolding.crashed(error);
        }

        @Override
        public void onComplete() {
            if (!done) {
                done = true;
                unfolding.landed(result);
            }
        }

        @Override
        public Context currentContext() {
            return unfolding.subscriber.currentContext();
        }
    }
}
