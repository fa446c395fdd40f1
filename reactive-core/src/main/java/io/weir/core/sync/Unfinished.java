package io.weir.core.sync;

import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Counts elements that were accepted and not yet reported done, and who waits for that count to be zero.
 *
 * <p>{@code taskDone} must answer at once whether the call was one too many, so the count is one atomic word and not behind
 * the turnstile. The word holds the count and, above it, how often the count has come down to zero: a joiner notes that
 * number when it starts to wait, and whoever brings the count to zero wakes those who noted an older one. So a joiner is
 * woken by every zero after its start, even if the next element comes in before the wake-up, and by none before it.
 */
final class Unfinished {
    private static final long COUNT = 0xffff_ffffL;
    private static final long ONE_ZERO_MORE = COUNT + 1;

    private final Turnstile turnstile;
    private final WaitList joiners = new WaitList();
    private final AtomicLong word = new AtomicLong();

    Unfinished(Turnstile turnstile) {
        this.turnstile = turnstile;
    }

    /** Inside: one more. */
    void add() {
        word.incrementAndGet();
    }

    /** Anywhere: one less. */
    void done() {
        long before = word.getAndUpdate(w -> (w & COUNT) == 0 ? w : less(w, 1));
        if ((before & COUNT) == 0) {
            throw new IllegalStateException("taskDone was called more often than elements were accepted");
        }
        if ((before & COUNT) == 1) {
            turnstile.run(new Turn() {
                @Override
                void take() {
                    wake();
                }
            });
        }
    }

    /** Inside: {@code n} less, for elements that nobody will take. */
    void drop(int n) {
        if (n > 0) {
            word.updateAndGet(w -> less(w, n));
            wake();
        }
    }

    private static long less(long word, int n) {
        return (word & COUNT) == n ? word - n + ONE_ZERO_MORE : word - n;
    }

    private static long zeros(long word) {
        return word & ~COUNT;
    }

    /** Inside. They stand in the order they came, so the first that came after the last zero ends it. */
    private void wake() {
        long zeros = zeros(word.get());
        while (joiners.first() instanceof Joiner joiner && joiner.zerosSeen != zeros) {
            joiner.end(Waiter.State.DELIVERED);
        }
    }

    Mono<Void> join() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                Joiner joiner = new Joiner(subscriber);
                subscriber.onSubscribe(joiner);
                turnstile.run(joiner);
            }
        };
    }

    private final class Joiner extends Waiter implements Subscription {
        private final CoreSubscriber<? super Void> subscriber;
        private long zerosSeen;

        Joiner(CoreSubscriber<? super Void> subscriber) {
            super(turnstile);
            this.subscriber = subscriber;
        }

        @Override
        void take() {
            if (state == State.CANCELLED) {
                return;
            }
            long now = word.get();
            if ((now & COUNT) == 0) {
                end(State.DELIVERED);
            } else {
                zerosSeen = zeros(now);
                waitIn(joiners);
            }
        }

        @Override
        void signal() {
            subscriber.onComplete();
        }

        @Override
        public void request(long n) {
            Operators.validate(n); // completes without demand
        }

        @Override
        public void cancel() {
            abandon();
        }
    }
}
