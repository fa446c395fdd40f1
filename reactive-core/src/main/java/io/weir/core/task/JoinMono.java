package io.weir.core.task;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link Task#join}, {@link Task#terminated} and the same of groups. */
final class JoinMono<R> extends Mono<R> {
    private final Awaited awaited;
    private final boolean withOutcome;
    private final Runnable before;

    /** {@code withOutcome}: with its value, or its error, and not its end only. */
    JoinMono(Awaited awaited, boolean withOutcome) {
        this(awaited, withOutcome, () -> {});
    }

    /** {@code before} is run by each subscription before it waits. */
    JoinMono(Awaited awaited, boolean withOutcome, Runnable before) {
        this.awaited = awaited;
        this.withOutcome = withOutcome;
        this.before = before;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> subscriber) {
        TaskRun<?> current = TaskRun.in(subscriber.currentContext());
        if (current != null && awaited.contains(current)) {
            Operators.error(
                    subscriber,
                    new IllegalStateException("'" + current.name() + "' waits for the end of '" + awaited.name()
                            + "', which it is part of, so neither could end"));
            return;
        }
        subscriber.onSubscribe(new Join<>(awaited, withOutcome, before, subscriber));
    }

    /**
     * One wait. NEW until the first request, then WAITING; the end moves it to TOLD, a cancel to CANCELLED, and whoever came
     * second does nothing.
     */
    private static final class Join<R> extends Joiner implements Subscription, Scannable {
        private static final int NEW = 0;
        private static final int WAITING = 1;
        private static final int TOLD = 2;
        private static final int CANCELLED = 3;

        private static final AtomicIntegerFieldUpdater<Join> PHASE =
                AtomicIntegerFieldUpdater.newUpdater(Join.class, "phase");

        private final Awaited awaited;
        private final boolean withOutcome;
        private final Runnable before;
        private final CoreSubscriber<? super R> subscriber;
        private volatile int phase = NEW;

        Join(Awaited awaited, boolean withOutcome, Runnable before, CoreSubscriber<? super R> subscriber) {
            this.awaited = awaited;
            this.withOutcome = withOutcome;
            this.before = before;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && PHASE.compareAndSet(this, NEW, WAITING)) {
                before.run();
                awaited.add(this);
                if (phase == CANCELLED) { // the cancel may have looked before it stood in the list
                    awaited.remove(this);
                }
            }
        }

        @Override
        public void cancel() {
            if (!PHASE.compareAndSet(this, NEW, CANCELLED) && PHASE.compareAndSet(this, WAITING, CANCELLED)) {
                awaited.remove(this);
            }
        }

        @Override
        @SuppressWarnings("unchecked") // withOutcome: R is the task's type
        public void run() {
            if (!PHASE.compareAndSet(this, WAITING, TOLD)) {
                return;
            }
            if (withOutcome) {
                Outcome<?> outcome = awaited.known();
                if (outcome instanceof Outcome.Success<?> success) {
                    subscriber.onNext((R) success.value());
                } else if (outcome instanceof Outcome.Failure<?> failure) {
                    subscriber.onError(failure.error());
                    return;
                } else if (outcome instanceof Outcome.Cancelled<?> cancelled) {
                    subscriber.onError(new TaskCancelledException(awaited.name(), cancelled.reason()));
                    return;
                }
            }
            subscriber.onComplete();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return phase == TOLD;
            }
            if (key == Attr.CANCELLED) {
                return phase == CANCELLED;
            }
            return key == Attr.NAME ? "join " + awaited.name() : null;
        }
    }
}
