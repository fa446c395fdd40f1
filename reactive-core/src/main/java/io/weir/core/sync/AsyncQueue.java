package io.weir.core.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A queue between tasks: {@code put} waits for room and {@code take} for an element, neither holds a thread. What
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
 * <p><b>Design.</b> A store of elements, lists of those who wait to take, to put, or only for the end, and a counter
 * for {@code join}, all behind one {@link Turnstile}. Inside, either there are elements or there are waiting takers, never
 * both; and putters wait only while the queue is full.
 *
 * @param <T> the elements' type
 */
public final class AsyncQueue<T> {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(AsyncQueue.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final Store<T> store;

    final Turnstile turnstile = new Turnstile();
    final WaitList takers = new WaitList();
    final WaitList putters = new WaitList();

    /** Streams without demand: they wait for the end only. */
    final WaitList idle = new WaitList();

    /** Each {@link #putAll} whose source is quiet: it waits for the end only. */
    final WaitList sources = new WaitList();

    final Unfinished unfinished = new Unfinished(turnstile);
    private final Mono<T> take = Take.from(this, null);
    private final Flux<T> flux = TakeAll.from(this);
    private volatile @Nullable Consumer<? super T> onDiscard;

    /** Null while open. Set inside; read anywhere. */
    private volatile @Nullable Closing closing;

    /** Inside: how many streams take from this queue, which share what is there. */
    int streams;

    /**
     * Inside: how many elements streams have taken and may still give back. As long as there are any, a closed queue is not at
     * its end: they must find somebody.
     */
    int lent;

    // The store's size, told to those who look from outside.
    private int size;

    private AsyncQueue(int capacity, Store<T> store) {
        this.capacity = capacity;
        this.store = store;
    }

    private static int atLeastOne(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, and is " + capacity);
        }
        return capacity;
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
        return new AsyncQueue<>(atLeastOne(capacity), new Ring<>(false));
    }

    /**
     * A queue that holds nothing: a {@code put} completes when a consumer has its element.
     *
     * @param <T> the elements' type
     * @return an open queue
     */
    public static <T> AsyncQueue<T> rendezvous() {
        return new AsyncQueue<>(0, new Ring<>(false));
    }

    /**
     * A first-in-first-out queue without a bound, in which no {@code put} waits. What comes in faster than it goes out is kept
     * until memory ends: for elements whose number is bounded elsewhere.
     *
     * @param <T> the elements' type
     * @return an open, empty queue
     */
    public static <T> AsyncQueue<T> unbounded() {
        return new AsyncQueue<>(Integer.MAX_VALUE, new Ring<>(false));
    }

    /**
     * A queue from which the least element leaves first; equal ones in the order they came.
     *
     * <p>{@code order} is called inside the queue: it must be quick and must not use the queue. Where it throws, the put or take
     * that asked it fails with that, and the queue is as it was.
     *
     * @param capacity the most elements it holds, at least 1
     * @param order which element is less
     * @param <T> the elements' type
     * @return an open, empty queue
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public static <T> AsyncQueue<T> priority(int capacity, Comparator<? super T> order) {
        return new AsyncQueue<>(atLeastOne(capacity), new Heap<>(order));
    }

    /**
     * A queue from which the newest element leaves first. Waiting producers and consumers are still served in the order they
     * came.
     *
     * @param capacity the most elements it holds, at least 1
     * @param <T> the elements' type
     * @return an open, empty queue
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public static <T> AsyncQueue<T> lifo(int capacity) {
        return new AsyncQueue<>(atLeastOne(capacity), new Ring<>(true));
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
            return closing == null && accept(value);
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Puts all that {@code source} emits, in its order, requesting from it no more than the queue takes.
     *
     * <p>Completes, empty, once the source has completed and its last element was accepted. Each subscription subscribes to
     * the source once. Cancelled, it cancels the source; elements that had come and not entered go to the discard hook.
     * Errors: those of the source, after what came before them has entered; {@link QueueClosedException} if the queue is closed
     * before the end, and then the source is cancelled.
     *
     * @param source what to put
     * @return completes on the thread of the source, or of the take that made room
     */
    public Mono<Void> putAll(Publisher<? extends T> source) {
        return PutAll.from(this, Objects.requireNonNull(source));
    }

    /**
     * Takes the next element, waiting while there is none.
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
     * Takes the next element if there is one. Never overtakes a consumer that waits.
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
     * Takes the next element, waiting for one no longer than {@code maxWait}.
     *
     * <p>As {@link #take()}, but completes empty if none came in time; then it took none, for that is decided inside the queue,
     * which {@code take().timeout(…)} cannot promise. Timed by {@code Schedulers.parallel()}, where it completes then.
     *
     * @param maxWait the longest wait; zero or less: not at all
     * @return the element, or empty
     */
    public Mono<T> poll(Duration maxWait) {
        return Take.from(this, Objects.requireNonNull(maxWait));
    }

    /**
     * Takes elements for as long as there is demand, in competition with all other consumers: an element goes to one of them.
     *
     * <p>Takes nothing that was not requested, and where there is much of both, a batch at a time: a fair share if others take
     * too. Cancelled, it emits no more; what it had taken and not emitted goes back to the head of the queue. Completes once the queue is closed and empty; after {@link #closeNow} with a cause it ends with
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
        List<T> drained = close(new Closing(true, cause));
        discard(drained);
    }

    /**
     * Whether {@link #close} or {@link #closeNow} was called.
     *
     * @return true once nothing more is accepted
     */
    public boolean isClosed() {
        return closing != null;
    }

    /**
     * How many elements are inside now; old as soon as it is told.
     *
     * @return from 0 to {@link #capacity()}; for a moment one batch more, when a cancelled stream gives back what it had taken
     */
    public int size() {
        return (int) SIZE.getOpaque(this);
    }

    /**
     * The bound.
     *
     * @return the most elements it holds; 0 for a rendezvous, {@link Integer#MAX_VALUE} for no bound
     */
    public int capacity() {
        return capacity;
    }

    /**
     * For {@link Select#first}: takes from this queue, if it is this one that has an element first, and makes a result of it.
     *
     * @param then makes the result; runs outside the queue, once, and must not return null
     * @param <R> the result's type
     * @return a clause that does nothing by itself
     */
    public <R> Select.Clause<R> onTake(Function<? super T, ? extends R> then) {
        return new Select.OnTake<>(this, Objects.requireNonNull(then));
    }

    /**
     * The queue's numbers, each read at its own moment. Counting costs nothing extra.
     *
     * @return the numbers now
     */
    public Statistics statistics() {
        return new Statistics(
                unfinished.added(), size(), capacity, putters.size(), takers.size(), unfinished.outstanding());
    }

    /**
     * A queue's numbers.
     *
     * @param accepted how many elements it has accepted so far
     * @param size how many are inside
     * @param capacity the bound
     * @param waitingPutters how many wait for room; a {@code putAll} counts as one
     * @param waitingTakers how many wait for an element
     * @param unfinished how many were accepted and not yet reported done
     */
    public record Statistics(
            long accepted, int size, int capacity, int waitingPutters, int waitingTakers, long unfinished) {}

    @Override
    public String toString() {
        return "AsyncQueue[" + size() + "/" + capacity + ", waiting to take: " + takers.size() + ", to put: "
                + putters.size() + (isClosed() ? ", closed]" : "]");
    }

    // ---- inside ----

    /** Anywhere: puts without waiting, if nobody is inside and nothing stands in the way. */
    boolean putAtOnce(T value) {
        if (closing != null || !turnstile.tryEnter()) {
            return false;
        }
        try {
            return closing == null && accept(value);
        } catch (Throwable t) {
            return false; // a comparator's: the put that waits asks it again, and tells
        } finally {
            turnstile.exit();
        }
    }

    /** Inside: hands {@code value} to a waiting consumer or keeps it; false if it would have to wait. */
    boolean accept(T value) {
        Taker<T> taker = nextTaker();
        if (taker != null) {
            unfinished.add();
            taker.hand(value);
        } else if (store.size() < capacity && putters.isEmpty()) {
            store.add(value);
            unfinished.add();
            tellSize();
        } else {
            return false;
        }
        return true;
    }

    /** Inside: the first of those who wait for an element and still want one. */
    @SuppressWarnings("unchecked") // only takers of T wait there
    private @Nullable Taker<T> nextTaker() {
        while (takers.first() instanceof Taker<?> taker) {
            if (taker.claim()) {
                return (Taker<T>) taker;
            }
            taker.withdraw(); // a select that another queue has won
        }
        return null;
    }

    /** Inside: the next element, its place given to the first who waits for room; null if there is none. */
    @Nullable
    T next() {
        T value = store.poll();
        if (value == null) {
            value = offered(); // a rendezvous
        } else {
            admit();
        }
        return value;
    }

    /** Inside: as many as there are and are wanted, but only a share where several streams take. */
    int next(@Nullable Object[] batch, long wanted) {
        int share = Math.max(1, store.size() / Math.max(1, streams));
        int most = (int) Math.min(Math.min(wanted, batch.length), share);
        int count = 0;
        while (count < most) {
            T value = store.poll();
            if (value == null) {
                break;
            }
            batch[count++] = value;
        }
        if (count > 0) {
            admit();
        } else {
            T value = offered();
            if (value != null) {
                batch[count++] = value;
            }
        }
        return count;
    }

    /** Inside, with an empty store: the element of the first who waits to put. */
    @SuppressWarnings("unchecked") // only putters of T wait there
    private @Nullable T offered() {
        Putter<T> putter = (Putter<T>) putters.first();
        if (putter == null) {
            return null;
        }
        T value = putter.offered();
        unfinished.add();
        putter.accepted();
        return value;
    }

    /** Inside, after elements have left: lets waiting ones in, and tells takers if none will come. */
    @SuppressWarnings("unchecked") // only putters of T wait there
    private void admit() {
        Putter<T> putter;
        while (store.size() < capacity && (putter = (Putter<T>) putters.first()) != null) {
            try {
                store.add(putter.offered());
            } catch (Throwable t) {
                putter.rejected(t);
                continue;
            }
            unfinished.add();
            putter.accepted();
        }
        tellSize();
        if (isAtEnd()) {
            endTakers();
        }
    }

    private void tellSize() {
        SIZE.setOpaque(this, store.size());
    }

    /** Inside: whether {@link #next()} gives one. */
    boolean hasNext() {
        return store.size() > 0 || !putters.isEmpty();
    }

    /** Inside: closed and empty. */
    boolean isAtEnd() {
        return closing != null && store.size() == 0 && lent == 0;
    }

    /** How many elements a stream may take in one turn. */
    int batch() {
        return Math.max(1, Math.min(store.batch(), capacity));
    }

    private void endTakers() {
        endAll(takers);
        endAll(idle);
    }

    private static void endAll(WaitList list) {
        while (list.first() instanceof Taker<?> taker) {
            if (taker.claim()) {
                taker.refuse(null);
            } else {
                taker.withdraw();
            }
        }
    }

    /** Inside: a stream is done with {@code count} elements. */
    void settle(int count) {
        lent -= count;
        if (isAtEnd()) {
            endTakers();
        }
    }

    /**
     * Outside: takes elements back that a stream had taken and, cancelled, does not emit.
     *
     * @param from where they begin in the batch; what stands before has been emitted
     */
    @SuppressWarnings("unchecked") // the batch holds nothing but T
    void giveBack(@Nullable Object[] batch, int from, int to) {
        List<T> discarded = new ArrayList<>();
        turnstile.enter();
        try {
            Closing how = closing;
            if (how != null && how.now()) {
                for (int i = from; i < to; i++) {
                    discarded.add((T) Objects.requireNonNull(batch[i]));
                }
                unfinished.drop(discarded.size());
                return;
            }
            int next = from;
            Taker<T> taker;
            while (next < to && (taker = nextTaker()) != null) {
                taker.hand((T) Objects.requireNonNull(batch[next++]));
            }
            for (int i = to - 1; i >= next; i--) {
                T value = (T) Objects.requireNonNull(batch[i]);
                try {
                    store.giveBack(value);
                } catch (Throwable t) { // a comparator's: nobody is left to be told
                    discarded.add(value);
                }
            }
            unfinished.drop(discarded.size());
            tellSize();
        } finally {
            settle(to);
            turnstile.exit();
            discard(discarded);
        }
    }

    private List<T> close(Closing how) {
        List<T> drained = new ArrayList<>();
        turnstile.enter();
        try {
            Closing before = closing;
            if (before == null || (how.now() && !before.now())) {
                closing = how;
            }
            putters.endAll(Waiter.State.FAILED);
            sources.endAll(Waiter.State.FAILED);
            if (how.now()) {
                store.drainTo(drained);
                tellSize();
                unfinished.drop(drained.size());
            }
            if (isAtEnd()) {
                endTakers();
            }
        } finally {
            turnstile.exit();
        }
        return drained;
    }

    private void discard(List<T> elements) {
        Consumer<? super T> handler = onDiscard;
        if (handler != null) {
            elements.forEach(handler);
        }
    }

    QueueClosedException closedError(String operation) {
        Closing how = closing;
        return new QueueClosedException(operation, how == null ? null : how.cause());
    }

    /** How the queue was closed. */
    private record Closing(boolean now, @Nullable Throwable cause) {}
}
