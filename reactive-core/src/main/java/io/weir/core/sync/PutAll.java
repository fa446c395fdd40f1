package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * {@link AsyncQueue#putAll}: a putter that waits again and again.
 *
 * <pre>
 * NEW ──► WAITING among the sources ◄──► WAITING among the putters (elements came that there is no room for)
 * WAITING ──► DELIVERED    the source has ended, and all it emitted has entered
 *         ──► CANCELLED | FAILED (the queue was closed)
 * </pre>
 *
 * <p>It requests a few elements ahead and keeps those that have to wait in {@code pending}, inside the turnstile. What the queue
 * has accepted is requested anew, by a signal of its own, because this waiter may be standing in the line at that time.
 *
 * <p><b>Pulling.</b> A source whose elements are there already (a range, an array, a collection) is not requested but polled: as many
 * as it would be asked for, outside, and then they arrive in one turn. Others are not, although they could: an element would
 * stay with the puller for as long as the next one takes.
 *
 * <p>There is at most one puller. The first is the thread that subscribed; an arrival that leaves nothing pending lets the same
 * thread go on, or makes the next one by a signal; one that leaves something pending ends it, until the last of that has
 * entered. So {@code batch} belongs to the puller until its arrival, and to the turnstile during that. {@code pulling}, inside, says
 * that there is a puller or will be one. Who ends the wait meanwhile, by a cancel or a close, leaves the source to it, for a
 * source must not be cancelled while it is polled; its arrival finds the wait at an end, and cancels and discards. Otherwise
 * who ends the wait does that. Nothing changes {@code pulling} after the end, so exactly one of them does.
 *
 * <p><b>Proof.</b> {@code PutAllTest}, {@code PutAllPolledTest}, and the races named {@code PutAll…}.
 */
final class PutAll<T> extends Putter<T> implements CoreSubscriber<T>, Subscription, Scannable {
    private static final int MOST_AHEAD = 64;
    private static final AtomicReferenceFieldUpdater<PutAll, Subscription> SOURCE =
            AtomicReferenceFieldUpdater.newUpdater(PutAll.class, Subscription.class, "source");

    private final QueueCore<T> queue;
    private final CoreSubscriber<? super Void> subscriber;
    private final int ahead;
    private final Replenish replenish;
    private final boolean atHand;
    private volatile @Nullable Subscription source;
    private volatile boolean stopped;

    // Of a source that is polled: set before anything else happens.
    private Fuseable.@Nullable QueueSubscription<T> elements;
    private @Nullable Object[] batch = {};

    // The puller's, until they arrive.
    private int pulled;
    private int rest; // where what has not entered begins
    private boolean exhausted;
    private @Nullable Throwable broken;

    // Inside only.
    private boolean pulling;
    private final ArrayDeque<T> pending = new ArrayDeque<>();
    private boolean sourceEnded;
    private @Nullable Throwable error;
    private int accepted;

    private PutAll(QueueCore<T> queue, CoreSubscriber<? super Void> subscriber, boolean atHand) {
        super(queue.turnstile);
        this.atHand = atHand;
        this.queue = queue;
        this.subscriber = subscriber;
        this.ahead = Math.max(1, Math.min(queue.capacity, MOST_AHEAD));
        this.replenish = new Replenish();
    }

    static <T> Mono<Void> from(QueueCore<T> queue, Publisher<? extends T> source) {
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                Flux.from(source).subscribe(new PutAll<T>(queue, subscriber, isAtHand(source)));
            }
        });
    }

    /** Whether its elements are there already, and none has to be computed: it tells how many it holds, or is a range. */
    private static boolean isAtHand(Publisher<?> source) {
        if (!(source instanceof Fuseable)) {
            return false;
        }
        Scannable scanned = Scannable.from(source);
        return scanned.scanOrDefault(Attr.BUFFERED, 0) > 0 || scanned.stepName().equals("source(FluxRange)");
    }

    // ---- the source's side ----

    @Override
    public void onSubscribe(Subscription source) {
        if (!Operators.setOnce(SOURCE, this, source)) {
            return;
        }
        if (atHand && source instanceof Fuseable.QueueSubscription) {
            @SuppressWarnings("unchecked") // a source of T
            Fuseable.QueueSubscription<T> polled = (Fuseable.QueueSubscription<T>) source;
            if (polled.requestFusion(Fuseable.SYNC) == Fuseable.SYNC) {
                elements = polled;
                batch = new Object[ahead];
                pulling = true;
            }
        }
        subscriber.onSubscribe(this);
        queue.turnstile.run(this);
        if (elements == null) {
            source.request(ahead);
        } else {
            pull(elements);
        }
    }

    /** Outside, one thread at a time: for as long as all that was polled enters at once. */
    private void pull(Fuseable.QueueSubscription<T> elements) {
        do {
            pulled = 0;
            rest = 0;
            try {
                while (pulled < batch.length && !exhausted && !stopped) {
                    T element = elements.poll();
                    if (element == null) {
                        exhausted = true;
                    } else {
                        batch[pulled++] = element;
                    }
                }
            } catch (Throwable t) {
                exhausted = true;
                Operators.terminate(SOURCE, this); // the one time, also if this wait is cancelled meanwhile
                broken = Operators.onOperatorError(t, currentContext());
            }
        } while (bringIn());
    }

    /** True if this thread is to pull more. */
    private boolean bringIn() {
        if (queue.turnstile.tryEnter()) {
            try {
                return arrive();
            } finally {
                queue.turnstile.exit();
            }
        }
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (arrive()) {
                    replenish.add(1);
                }
            }
        });
        return false;
    }

    @Override
    public void onNext(T value) {
        Objects.requireNonNull(value, "a queue holds no nulls");
        if (queue.turnstile.tryEnter()) {
            try {
                offer(value);
            } finally {
                queue.turnstile.exit();
            }
        } else {
            queue.turnstile.run(new Turn() {
                @Override
                void take() {
                    offer(value);
                }
            });
        }
    }

    @Override
    public void onError(Throwable error) {
        sourceEnded(Objects.requireNonNull(error));
    }

    @Override
    public void onComplete() {
        sourceEnded(null);
    }

    private void sourceEnded(@Nullable Throwable how) {
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (state == State.CANCELLED || state == State.FAILED) {
                    return;
                }
                sourceEnded = true;
                error = how;
                if (pending.isEmpty()) {
                    end(State.DELIVERED);
                }
            }
        });
    }

    // ---- inside ----

    /** What was pulled comes in; true if more is to be pulled. */
    private boolean arrive() {
        if (state == State.CANCELLED || state == State.FAILED) {
            queue.turnstile.ready(new Gone());
            return false;
        }
        sourceEnded = exhausted;
        error = broken;
        try {
            int accepted;
            while (rest < pulled && (accepted = queue.accept(batch, rest, pulled)) > 0) {
                entered(accepted);
            }
        } catch (Throwable t) {
            pulling = false;
            rejected(t);
            return false;
        }
        pulling = rest == pulled && !exhausted;
        if (rest < pulled) {
            moveTo(queue.putters);
        } else if (exhausted) {
            end(State.DELIVERED);
        }
        return pulling;
    }

    private void entered(int count) {
        Arrays.fill(batch, rest, rest + count, null);
        rest += count;
    }

    private void offer(T value) {
        if (state == State.CANCELLED || state == State.FAILED) {
            queue.turnstile.ready(new Discard(value));
            return;
        }
        try {
            if (pending.isEmpty() && queue.accept(value)) {
                count();
                return;
            }
        } catch (Throwable t) {
            pending.add(value);
            rejected(t);
            return;
        }
        pending.add(value);
        if (list == queue.sources) {
            moveTo(queue.putters);
        }
    }

    private boolean isPending() {
        return elements == null ? !pending.isEmpty() : rest < pulled;
    }

    private void moveTo(WaitList other) {
        if (list != null) {
            list.remove(this);
        }
        state = State.NEW;
        waitIn(other);
    }

    @Override
    @SuppressWarnings("unchecked") // the batch holds nothing but T
    T offered() {
        return elements == null ? pending.getFirst() : (T) Objects.requireNonNull(batch[rest]);
    }

    @Override
    int addTo(Store<T> store, int most) {
        return elements == null
                ? super.addTo(store, most)
                : store.addSome(batch, rest, rest + Math.min(most, pulled - rest));
    }

    @Override
    void accepted(int count) {
        if (elements == null) {
            pending.removeFirst();
        } else {
            entered(count);
        }
        if (!isPending()) {
            if (sourceEnded) {
                end(State.DELIVERED);
                return;
            }
            moveTo(queue.sources);
        }
        count();
    }

    private void count() {
        if (elements != null) {
            if (!isPending()) {
                pulling = true;
                replenish.add(1);
            }
        } else if (++accepted >= ahead - (ahead >> 2)) {
            replenish.add(accepted);
            accepted = 0;
        }
    }

    @Override
    void rejected(Throwable error) {
        this.error = error;
        end(State.FAILED);
    }

    /** The first turn; elements and the end each come as one of their own. */
    @Override
    void take() {
        if (state == State.NEW) {
            if (queue.isClosed()) {
                end(State.FAILED);
            } else {
                waitIn(queue.sources);
            }
        }
    }

    // ---- the end ----

    @Override
    void signal() {
        if (state == State.DELIVERED) {
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
            return;
        }
        stopped = true;
        if (!pulling) {
            giveUp();
        }
        subscriber.onError(error != null ? error : queue.closedError("putAll"));
    }

    @Override
    public void cancel() {
        stopped = true;
        if (elements == null) {
            Operators.terminate(SOURCE, this);
        }
        queue.turnstile.run(new Turn() {
            @Override
            void take() {
                if (withdraw() && !pulling) {
                    queue.turnstile.ready(new Gone());
                }
            }
        });
    }

    /** After the end, when nothing else touches what is pending. */
    private void giveUp() {
        Operators.terminate(SOURCE, this);
        while (rest < pulled) {
            Object value = batch[rest];
            batch[rest++] = null;
            Operators.onDiscard(value, currentContext());
        }
        for (T value = pending.poll(); value != null; value = pending.poll()) {
            Operators.onDiscard(value, currentContext());
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // completes without demand
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        if (key == Attr.PREFETCH) {
            return ahead;
        }
        return scan(key, subscriber, "queue.putAll");
    }

    /** Requests what was accepted, or pulls as much. One node for all times: it is made ready again only after it has been signalled. */
    private final class Replenish extends Waiter {
        private final AtomicLong owed = new AtomicLong();
        private volatile boolean isReady;

        Replenish() {
            super(queue.turnstile);
        }

        /** Inside. */
        void add(int count) {
            owed.addAndGet(count);
            if (!isReady) {
                isReady = true;
                queue.turnstile.ready(this);
            }
        }

        @Override
        void take() {
            throw new IllegalStateException("only signalled");
        }

        @Override
        void signal() {
            isReady = false; // first: what is added from now on makes it ready again
            long count = owed.getAndSet(0);
            Subscription from = source;
            if (count > 0 && elements != null) {
                pull(elements);
            } else if (count > 0 && from != null) {
                from.request(count);
            }
        }
    }

    /** Nobody is left to be told: the source is cancelled, and what is pending discarded, outside. */
    private final class Gone extends Waiter {
        Gone() {
            super(queue.turnstile);
        }

        @Override
        void take() {
            throw new IllegalStateException("only signalled");
        }

        @Override
        void signal() {
            giveUp();
        }
    }

    /** An element that came too late, discarded outside. */
    private final class Discard extends Waiter {
        private final T value;

        Discard(T value) {
            super(queue.turnstile);
            this.value = value;
        }

        @Override
        void take() {
            throw new IllegalStateException("only signalled");
        }

        @Override
        void signal() {
            Operators.onDiscard(value, currentContext());
        }
    }
}
