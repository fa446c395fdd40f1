package io.weir.core.coroutine;

import java.lang.invoke.VarHandle;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * {@link Coroutine#iterate}: one queue between the publisher and the thread that iterates.
 *
 * <pre>
 * OPEN ──► STOPPED ──► CLOSED
 *   └────────────────────►
 * </pre>
 *
 * <p><b>Writers.</b> The publisher adds and sets {@code done}; the iterating thread takes. Another thread that closes goes to STOPPED only, and the iterating
 * thread, which may be taking right now, to CLOSED when it next looks or closes itself. After CLOSED, what is held is
 * taken and discarded by whoever raised {@code discarding} from zero. <b>Lost wake-ups.</b> The iterating thread writes {@code parked} and looks again
 * before it parks; the publisher adds before it reads {@code parked}, and so for CLOSED. A queue's own writes may become visible after a later
 * read, so there is a fence between. <b>Proof.</b> The races {@code IterateParkNextRace}, {@code IterateCloseNextRace},
 * {@code IterateNextCloseRace}, {@code IterateStopNextRace} and {@code IterateCancelNextRace} under jcstress; {@code CancelFromInsideTest.OfAnIteration}.
 */
final class PublisherIterator<T> implements AsyncIterator<T>, CoreSubscriber<T>, Scannable {
    private static final AtomicReferenceFieldUpdater<PublisherIterator, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(PublisherIterator.class, Subscription.class, "upstream");

    private static final AtomicReferenceFieldUpdater<PublisherIterator, Thread> PARKED =
            AtomicReferenceFieldUpdater.newUpdater(PublisherIterator.class, Thread.class, "parked");
    private static final AtomicIntegerFieldUpdater<PublisherIterator> PHASE =
            AtomicIntegerFieldUpdater.newUpdater(PublisherIterator.class, "phase");

    private static final int OPEN = 0;
    private static final int STOPPED = 1;
    private static final int CLOSED = 2;

    private final Thread owner = Thread.currentThread();
    private final @Nullable CoroutineRun<?> run = CoroutineRun.current();
    private final Context context = run == null ? Context.empty() : run.context();
    private final AtomicInteger discarding = new AtomicInteger();
    private final Queue<T> queue;
    private final int prefetch;
    private final int replenish;
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Thread parked;
    private volatile boolean done;
    private volatile int phase;
    private @Nullable Throwable error;

    // Of the iterating thread alone.
    private @Nullable T current;
    private int taken;

    private PublisherIterator(int prefetch) {
        if (prefetch < 1) {
            throw new IllegalArgumentException("prefetch must be at least 1, and is " + prefetch);
        }
        this.prefetch = prefetch;
        this.replenish = prefetch - (prefetch >> 2);
        this.queue = Queues.<T>get(prefetch).get();
    }

    static <T> PublisherIterator<T> over(Publisher<T> publisher, int prefetch) {
        PublisherIterator<T> iterator = new PublisherIterator<>(prefetch);
        publisher.subscribe(iterator);
        return iterator;
    }

    // ---- the iterating thread ----

    @Override
    public boolean hasNext() {
        while (current == null) {
            if (phase != OPEN) {
                close();
                return false;
            }
            if (isCancelled()) {
                throw ended(Waits.cancelled(Objects.requireNonNull(run)));
            }
            boolean ended = done; // before the look into the queue: what came before the end is in it
            T next = queue.poll();
            if (next != null) {
                current = next;
                took();
            } else if (ended) {
                return ended();
            } else {
                park();
            }
        }
        return true;
    }

    private void took() {
        if (++taken == replenish) {
            taken = 0;
            Subscription source = upstream;
            if (source != null) {
                source.request(replenish);
            }
        }
    }

    private boolean ended() {
        phase = CLOSED;
        Throwable failure = error;
        if (failure != null) {
            throw Waits.thrown(failure);
        }
        return false;
    }

    private void park() {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "iterating would block " + Thread.currentThread().getName()
                            + ", which must not block: run the loop with Coroutine.async, or compose with concatMap");
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("an iterator belongs to the thread that made it, " + owner.getName());
        }
        parked = owner;
        if (queue.isEmpty() && !done && phase == OPEN && !isCancelled()) {
            LockSupport.park(this);
        }
        parked = null;
        if (owner.isInterrupted() && !isCancelled()) {
            throw ended(new CoroutineCancelledException("the thread was interrupted while it waited for an element"));
        }
    }

    private CoroutineCancelledException ended(CoroutineCancelledException why) {
        close();
        return why;
    }

    private boolean isCancelled() {
        return run != null && run.isCancelled();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        T next = current;
        current = null;
        return Objects.requireNonNull(next);
    }

    @Override
    public void close() {
        if (Thread.currentThread() != owner) {
            if (PHASE.compareAndSet(this, OPEN, STOPPED)) {
                Operators.terminate(UPSTREAM, this);
                LockSupport.unpark(owner);
            }
            return;
        }
        phase = CLOSED;
        Operators.terminate(UPSTREAM, this);
        Operators.onDiscard(current, context);
        current = null;
        discard();
    }

    private void discard() {
        if (discarding.getAndIncrement() != 0) {
            return;
        }
        do {
            for (T held = queue.poll(); held != null; held = queue.poll()) {
                Operators.onDiscard(held, context);
            }
        } while (discarding.decrementAndGet() != 0);
    }

    // ---- the publisher ----

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            subscription.request(prefetch == Integer.MAX_VALUE ? Long.MAX_VALUE : prefetch);
        }
    }

    @Override
    public void onNext(T element) {
        if (phase == CLOSED || done) {
            Operators.onDiscard(element, context);
            return;
        }
        if (!queue.offer(element)) {
            Operators.onDiscard(element, context);
            onError(new IllegalStateException(
                    "the publisher emitted more than the " + prefetch + " elements asked for"));
            Operators.terminate(UPSTREAM, this);
            return;
        }
        if (Thread.currentThread() != owner) {
            VarHandle.fullFence();
        }
        if (phase == CLOSED) {
            discard();
        }
        wake();
    }

    @Override
    public void onError(Throwable failure) {
        if (done || phase != OPEN) {
            Operators.onErrorDropped(failure, context);
            return;
        }
        error = failure;
        done = true;
        wake();
    }

    @Override
    public void onComplete() {
        done = true;
        wake();
    }

    private void wake() {
        Thread waiting = parked;
        if (waiting != null && PARKED.compareAndSet(this, waiting, null)) {
            LockSupport.unpark(waiting);
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
        }
        if (key == Attr.PREFETCH) {
            return prefetch;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.CANCELLED) {
            return phase != OPEN;
        }
        return key == Attr.NAME ? "iterate" : null;
    }
}
