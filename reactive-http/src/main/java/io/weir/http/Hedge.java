package io.weir.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Sends a request, and a second time when the first is slow. The one whose response starts first wins.
 *
 * <p><b>State.</b> {@code winner}: nobody yet, the first, the second, or over. {@code live}: how many run and have not failed. <b>Writers.</b>
 * The two attempts' threads, the timer's, the subscriber's cancel. <b>Invariant.</b> {@code winner} leaves NOBODY once, and who moves it cancels
 * the loser, whose permits are so back before anything of the response is read; from then on only the winner is listened to. It is also moved by the failure that brings {@code live} to
 * zero, which tells the first error with the second suppressed, and, from any state, by the cancel. {@code live} leaves zero never, so no second
 * is sent after the first has failed: that is for {@link Retries} to do. <b>Loss.</b> What comes from who has not won is discarded.
 * <b>Proof.</b> {@code HedgeTest}, {@code CancelTest}.
 */
final class Hedge<T> implements Subscription {
    private static final int NOBODY = -1;
    private static final int OVER = 2;

    private final CoreSubscriber<? super T> subscriber;
    private final Call<?> call;
    private final Target target;
    private final long delay;
    private final Sender<T> sender;
    private final Branch first = new Branch(0);
    private final Branch second = new Branch(1);
    private final AtomicInteger winner = new AtomicInteger(NOBODY);
    private final AtomicInteger live = new AtomicInteger(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Attempt slow;

    private Hedge(CoreSubscriber<? super T> subscriber, Call<?> call, Target target, long delay, Sender<T> sender) {
        this.subscriber = subscriber;
        this.call = call;
        this.target = target;
        this.delay = delay;
        this.sender = sender;
    }

    static <T> Mono<T> of(Call<?> call, Target target, long delay, Sender<T> sender) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                Hedge<T> hedge = new Hedge<>(subscriber, call, target, delay, sender);
                subscriber.onSubscribe(hedge);
                hedge.waitFor(delay);
                hedge.send(hedge.first);
            }
        };
    }

    /** Told by the sender which attempt is which. */
    void begins(int number, Attempt attempt) {
        if (number == 0) {
            slow = attempt;
        }
    }

    /** A response starts; whether it is the one. */
    boolean wins(int number) {
        if (winner.compareAndSet(NOBODY, number)) {
            timer.dispose();
            (number == 0 ? second : first).cancel();
            return true;
        }
        return winner.get() == number;
    }

    private void waitFor(long nanos) {
        timer.update(call.scheduler().schedule(this::due, nanos, TimeUnit.NANOSECONDS));
    }

    private void due() {
        if (winner.get() != NOBODY) {
            return;
        }
        Attempt attempt = slow;
        long admitted = attempt == null ? Attempt.NOT_YET : attempt.admittedAt();
        long left = admitted == Attempt.NOT_YET ? delay : delay - (call.now() - admitted);
        if (left > 0) {
            waitFor(left);
        } else if (call.retries().mayHedge(target) && live.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0) {
            send(second);
        }
    }

    private void send(Branch branch) {
        sender.send(this, branch.number).subscribe(branch);
    }

    private void failed(int number, Throwable error) {
        if (winner.get() == number) {
            if (winner.compareAndSet(number, OVER)) {
                subscriber.onError(error);
            }
            return;
        }
        boolean isFirst = failure.compareAndSet(null, error);
        if (live.decrementAndGet() == 0 && winner.compareAndSet(NOBODY, OVER)) {
            timer.dispose();
            Throwable told = isFirst ? error : failure.get();
            if (told != error && told != null) {
                told.addSuppressed(error);
            }
            subscriber.onError(told == null ? error : told);
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        if (winner.getAndSet(OVER) != OVER) {
            timer.dispose();
            first.cancel();
            second.cancel();
        }
    }

    /** Sends the request; {@code number} is 0, then 1. */
    @FunctionalInterface
    interface Sender<T> {
        Mono<T> send(Hedge<T> hedge, int number);
    }

    private static final AtomicReferenceFieldUpdater<Hedge.Branch, Subscription> WORK =
            AtomicReferenceFieldUpdater.newUpdater(Hedge.Branch.class, Subscription.class, "work");

    private final class Branch implements CoreSubscriber<T> {
        private final int number;
        private volatile @Nullable Subscription work;

        Branch(int number) {
            this.number = number;
        }

        void cancel() {
            Operators.terminate(WORK, this);
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.setOnce(WORK, this, s)) {
                s.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            if (wins(number) && winner.compareAndSet(number, OVER)) {
                subscriber.onNext(value);
                subscriber.onComplete();
            } else {
                Operators.onDiscard(value, currentContext());
            }
        }

        @Override
        public void onError(Throwable error) {
            failed(number, error);
        }

        @Override
        public void onComplete() {
            if (wins(number) && winner.compareAndSet(number, OVER)) {
                subscriber.onComplete();
            }
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }
    }
}
