package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Takes from whichever of several queues has an element first, and from no other: Go's and Kotlin's {@code select}.
 *
 * <pre>{@code
 * Mono<String> next = Select.first(
 *         orders.onTake(order -> "order " + order),
 *         refunds.onTake(refund -> "refund " + refund));
 * }</pre>
 */
public final class Select {
    private Select() {}

    /**
     * One thing to wait for; made by {@link AsyncQueue#onTake}.
     *
     * @param <R> the result's type
     */
    public sealed interface Clause<R> {}

    /**
     * Waits for the first of {@code clauses}.
     *
     * <p>Emits that clause's result. It starts to wait when it is first requested. If several queues have elements, one of them is
     * chosen at random, so none is starved; waiting, it stands in the line of each queue as any other consumer. Exactly one
     * element leaves exactly one queue; cancelled before that, none does. Errors: {@link QueueClosedException} once one of the
     * queues is closed and empty; what the clause's function throws, and then its element is gone to the discard hook.
     *
     * @param clauses what to wait for, at least one
     * @param <R> the result's type
     * @return emits on the thread of the request, or of the put that brought the element
     */
    @SafeVarargs
    public static <R> Mono<R> first(Clause<? extends R>... clauses) {
        List<OnTake<?, ? extends R>> all = new ArrayList<>();
        for (Clause<? extends R> clause : clauses) {
            all.add((OnTake<?, ? extends R>) Objects.requireNonNull(clause));
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("nothing to select from");
        }
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super R> subscriber) {
                subscriber.onSubscribe(new Selection<>(all, subscriber));
            }
        });
    }

    /** {@link AsyncQueue#onTake}. */
    static final class OnTake<T, R> implements Clause<R> {
        private final QueueCore<T> queue;
        private final Function<? super T, ? extends R> then;

        OnTake(QueueCore<T> queue, Function<? super T, ? extends R> then) {
            this.queue = queue;
            this.then = then;
        }
    }

    /**
     * One run: a branch waits in each queue, and {@code winner} decides.
     *
     * <p>The queue that has an element claims the branch inside its turnstile before it lets go of the element: it moves
     * {@code winner} from null to that branch. Only one can, so only one queue gives one. A cancel moves it to {@link #NOBODY}.
     * Branches that have lost leave their lines; one that a queue meets first, that queue removes.
     */
    private static final class Selection<R> implements Subscription, Scannable {
        private static final Object NOBODY = new Object();

        private final CoreSubscriber<? super R> subscriber;
        private final Branch<?, R>[] branches;
        private final AtomicReference<@Nullable Object> winner = new AtomicReference<>();
        private final AtomicBoolean started = new AtomicBoolean();

        @SuppressWarnings("unchecked") // an array of what it is filled with
        Selection(List<OnTake<?, ? extends R>> clauses, CoreSubscriber<? super R> subscriber) {
            this.subscriber = subscriber;
            this.branches = new Branch[clauses.size()];
            for (int i = 0; i < branches.length; i++) {
                branches[i] = new Branch<>(clauses.get(i), this);
            }
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !started.compareAndSet(false, true)) {
                return;
            }
            int first = ThreadLocalRandom.current().nextInt(branches.length);
            for (int i = 0; i < branches.length && winner.get() == null; i++) {
                Branch<?, R> branch = branches[(first + i) % branches.length];
                branch.queue().turnstile.run(branch);
            }
            if (winner.get() != null) {
                withdrawAll(); // those that started after the winner had looked for them
            }
        }

        @Override
        public void cancel() {
            if (winner.compareAndSet(null, NOBODY)) {
                withdrawAll();
            }
        }

        private void withdrawAll() {
            for (Branch<?, R> branch : branches) {
                if (branch != winner.get()) {
                    branch.abandon();
                }
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.CANCELLED) {
                return winner.get() == NOBODY;
            }
            if (key == Attr.TERMINATED) {
                return winner.get() instanceof Branch;
            }
            return key == Attr.NAME ? "select" : null;
        }
    }

    private static final class Branch<T, R> extends Taker<T> {
        private final OnTake<T, ? extends R> clause;
        private final Selection<R> selection;
        private @Nullable T value;
        private @Nullable Throwable error;

        Branch(OnTake<T, ? extends R> clause, Selection<R> selection) {
            super(clause.queue.turnstile);
            this.clause = clause;
            this.selection = selection;
        }

        QueueCore<T> queue() {
            return clause.queue;
        }

        @Override
        void take() {
            if (state != State.NEW || selection.winner.get() != null) {
                return;
            }
            QueueCore<T> queue = clause.queue;
            try {
                if (queue.hasNext()) {
                    if (claim()) {
                        hand(Objects.requireNonNull(queue.next()));
                    }
                } else if (queue.isAtEnd()) {
                    if (claim()) {
                        refuse(null);
                    }
                } else {
                    waitIn(queue.takers);
                }
            } catch (Throwable t) {
                refuse(t);
            }
        }

        @Override
        boolean claim() {
            return selection.winner.compareAndSet(null, this);
        }

        @Override
        void hand(T value) {
            this.value = value;
            end(State.DELIVERED);
        }

        @Override
        void refuse(@Nullable Throwable error) {
            this.error = error;
            end(State.FAILED);
        }

        @Override
        void signal() {
            selection.withdrawAll();
            CoreSubscriber<? super R> subscriber = selection.subscriber;
            T taken = value;
            if (taken == null) {
                subscriber.onError(error != null ? error : clause.queue.closedError("take"));
                return;
            }
            R result;
            try {
                result = Objects.requireNonNull(clause.then.apply(taken), "the clause returned null");
            } catch (Throwable t) {
                Throwable failure = Operators.onOperatorError(null, t, taken, subscriber.currentContext());
                Operators.onDiscard(taken, subscriber.currentContext());
                subscriber.onError(failure);
                return;
            }
            subscriber.onNext(result);
            subscriber.onComplete();
        }
    }
}
