package io.weir.core.sync;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A bounded queue between tasks: {@code put} waits for room and {@code take} for an element, neither holds a thread. What
 * asyncio calls {@code Queue}, with its {@code taskDone} and {@code join}.
 *
 * <pre>{@code
 * AsyncQueue<Path> work = AsyncQueue.bounded(100);
 * Mono<Void> worker = work.asFlux()
 *         .concatMap(path -> index(path).doFinally(end -> work.taskDone()))
 *         .then();
 * Mono<Void> all = files.concatMap(work::put).then(work.join()).doFinally(end -> work.close());
 * Mono<Void> run = Mono.when(all, worker, worker, worker);
 * }</pre>
 *
 * <p>Any number of producers and consumers may use a queue, from any thread. Elements come out in the order they went in;
 * waiting producers and waiting consumers are each served in the order they came.
 *
 * <p><b>Threads.</b> A signal arrives on the thread that brought it about: an element put while a consumer waits is
 * delivered on the thread of the put. Use {@code publishOn} to go elsewhere.
 *
 * <p><b>Design.</b> A ring of elements, two lists of waiters, and a counter for {@code join}, all behind one {@link Turnstile}.
 * Inside, either there are elements or there are waiting consumers, never both; and producers wait only while the queue is
 * full.
 *
 * @param <T> the elements' type
 */
public final class AsyncQueue<T> {
    private final int capacity;

    final Turnstile turnstile = new Turnstile();
    final WaitList takers = new WaitList();
    final WaitList putters = new WaitList();

    /** Streams without demand: they wait for the end only. */
    final WaitList idle = new WaitList();

    final Unfinished unfinished = new Unfinished(turnstile);
    private final Mono<T> take = new Mono<>() {
        @Override
        public void subscribe(CoreSubscriber<? super T> subscriber) {
            Take.subscribe(AsyncQueue.this, subscriber, true);
        }
    };
    private final Flux<T> flux = new Flux<>() {
        @Override
        public void subscribe(CoreSubscriber<? super T> subscriber) {
            Take.subscribe(AsyncQueue.this, subscriber, false);
        }
    };
    private volatile @Nullable Consumer<? super T> onDiscard;

    /** Null while open. Set once, inside; read anywhere. */
    private final AtomicReference<@Nullable Closing> closing = new AtomicReference<>();

    // Inside only; the volatile size is for those who look from outside.
    private final ArrayDeque<T> elements = new ArrayDeque<>();
    private volatile int size;

    private AsyncQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, and is " + capacity);
        }
        this.capacity = capacity;
    }

    /**
     * A first-in-first-out queue that holds at most {@code capacity} elements. The bound costs no memory until it is used.
     *
     * @param capacity the most elements it holds, at least 1
     * @param <T> the elements' type
     * @return an open, empty queue
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public static <T> AsyncQueue<T> bounded(int capacity) {
        return new AsyncQueue<>(capacity);
    }

    /**
     * Sets who gets the elements that {@link #closeNow} drains, for those that must be released. Called outside the queue's
     * own bookkeeping, on the thread that closes, once per element. Set it before the queue is shared.
     *
     * @param handler takes each drained element
     * @return this queue
     */
    public AsyncQueue<T> onDiscard(Consumer<? super T> handler) {
        onDiscard = Objects.requireNonNull(handler);
        return this;
    }

    /**
     * Puts {@code value}, waiting while the queue is full.
     *
     * <p>Completes, empty, once the queue has accepted the element. Each subscription puts it once more. Cancelled before
     * that, the element never enters; after that, cancelling does nothing. Errors: {@link QueueClosedException} if the queue
     * is closed, or is closed during the wait: the element did not enter.
     *
     * @param value the element
     * @return completes on the thread of the subscriber, or of the take that made room
     */
    public Mono<Void> put(T value) {
        return new PutMono<>(this, Objects.requireNonNull(value, "a queue holds no nulls"));
    }

    /**
     * Puts {@code value} if that needs no wait. Never overtakes a producer that waits.
     *
     * @param value the element
     * @return whether the queue accepted it; false as well once it is closed
     */
    public boolean tryPut(T value) {
        Objects.requireNonNull(value, "a queue holds no nulls");
        turnstile.enter();
        try {
            return closing.get() == null && accept(value);
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Takes the oldest element, waiting while there is none.
     *
     * <p>Emits that element and completes. Each subscription takes one, and not before it is requested. Cancelled before an
     * element was assigned to it, it takes none and the next consumer gets what comes. Cancelled at the very moment of
     * delivery, the element is still emitted. Errors: {@link QueueClosedException} once the queue is closed and empty.
     *
     * @return emits on the thread of the subscriber, or of the put that brought the element
     */
    public Mono<T> take() {
        return take;
    }

    /**
     * Takes the oldest element if there is one. Never overtakes a consumer that waits.
     *
     * @return the element, or null if there is none
     */
    public @Nullable T tryTake() {
        turnstile.enter();
        try {
            return next();
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Takes elements for as long as there is demand, in competition with all other consumers: an element goes to one of them.
     *
     * <p>Takes nothing that was not requested. Cancelled, it takes no more, and the one element that may be on its way is still
     * emitted. Completes once the queue is closed and empty; after {@link #closeNow} with a cause it ends with
     * {@link QueueClosedException}.
     *
     * @return emits on the thread of the request, or of the put that brought the element
     */
    public Flux<T> asFlux() {
        return flux;
    }

    /**
     * Tells that an element which was taken has been dealt with. Call it once for each element, whatever became of it.
     *
     * @throws IllegalStateException if called more often than elements were accepted
     */
    public void taskDone() {
        unfinished.done();
    }

    /**
     * Waits until each element accepted so far has been taken and reported {@linkplain #taskDone() done}.
     *
     * <p>Completes, empty: at once if nothing is outstanding. Cancelling only ends this wait. Closing does not end it, for
     * elements may still be at work; {@link #closeNow} counts what it drains as done.
     *
     * @return completes on the thread of the subscriber, or of the last {@code taskDone}
     */
    public Mono<Void> join() {
        return unfinished.join();
    }

    /**
     * Closes: nothing more is accepted, what is inside can still be taken. Waiting producers and, if it is empty, waiting
     * consumers get {@link QueueClosedException}; streams complete when it is empty. Closing again does nothing.
     */
    public void close() {
        close(new Closing(false, null));
    }

    /**
     * Closes and drains: what is inside goes to the {@linkplain #onDiscard discard handler}, and counts as done. Waiting
     * producers and consumers get {@link QueueClosedException}, streams too if there is a cause. After {@link #close} it still
     * drains.
     *
     * @param cause why, told as the cause of those errors; or null
     */
    public void closeNow(@Nullable Throwable cause) {
        ArrayDeque<T> drained = close(new Closing(true, cause));
        Consumer<? super T> handler = onDiscard;
        if (handler != null) {
            drained.forEach(handler);
        }
    }

    /**
     * Whether {@link #close} or {@link #closeNow} was called.
     *
     * @return true once nothing more is accepted
     */
    public boolean isClosed() {
        return closing.get() != null;
    }

    /**
     * How many elements are inside now; old as soon as it is told.
     *
     * @return from 0 to {@link #capacity()}
     */
    public int size() {
        return size;
    }

    /**
     * The bound.
     *
     * @return the most elements it holds
     */
    public int capacity() {
        return capacity;
    }

    @Override
    public String toString() {
        return "AsyncQueue[" + size + "/" + capacity + ", waiting to take: " + takers.size() + ", to put: "
                + putters.size() + (isClosed() ? ", closed]" : "]");
    }

    // ---- inside ----

    /** Inside: hands {@code value} to a waiting consumer or keeps it; false if it would have to wait. */
    boolean accept(T value) {
        @SuppressWarnings("unchecked") // only takers of T enter
        Take<T> taker = (Take<T>) takers.first();
        if (taker != null) {
            taker.hand(value);
        } else if (elements.size() < capacity && putters.isEmpty()) {
            elements.add(value);
            size = elements.size();
        } else {
            return false;
        }
        unfinished.add();
        return true;
    }

    /** Inside: the oldest element, its place given to the first waiting producer; null if there is none. */
    @Nullable
    T next() {
        T value = elements.poll();
        if (value != null) {
            @SuppressWarnings("unchecked") // only putters of T enter
            PutMono.Put<T> putter = (PutMono.Put<T>) putters.first();
            if (putter != null) {
                elements.add(putter.value);
                unfinished.add();
                putter.end(Waiter.State.DELIVERED);
            }
            size = elements.size();
            if (elements.isEmpty() && closing.get() != null) {
                endTakers();
            }
        }
        return value;
    }

    private ArrayDeque<T> close(Closing how) {
        ArrayDeque<T> drained = new ArrayDeque<>();
        turnstile.enter();
        try {
            Closing before = closing.get();
            if (before == null || (how.now() && !before.now())) {
                closing.set(how);
            }
            putters.endAll(Waiter.State.FAILED);
            if (how.now()) {
                drained.addAll(elements);
                elements.clear();
                size = 0;
                unfinished.drop(drained.size());
            }
            if (isEmpty()) {
                endTakers();
            }
        } finally {
            turnstile.exit();
        }
        return drained;
    }

    /** Inside. */
    boolean isEmpty() {
        return elements.isEmpty();
    }

    private void endTakers() {
        takers.endAll(Waiter.State.FAILED);
        idle.endAll(Waiter.State.FAILED);
    }

    /** Anywhere: how the queue was closed, or null while it is open. */
    @Nullable
    Closing closing() {
        return closing.get();
    }

    QueueClosedException closedError(String operation) {
        Closing how = closing.get();
        return new QueueClosedException(operation, how == null ? null : how.cause());
    }

    /** How the queue was closed. */
    record Closing(boolean now, @Nullable Throwable cause) {}
}
