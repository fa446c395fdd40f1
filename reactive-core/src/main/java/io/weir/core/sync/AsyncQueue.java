package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Comparator;
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
 * @param <T> the elements' type
 */
public final class AsyncQueue<T> {
    final QueueCore<T> core;
    private final Mono<T> take;
    private final Flux<T> flux;

    private AsyncQueue(int capacity, Store<T> store) {
        core = new QueueCore<>(capacity, store);
        take = Take.from(core, null);
        flux = TakeAll.from(core);
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
        core.onDiscard = Objects.requireNonNull(handler);
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
        return Assembly.of(new PutMono<>(core, Objects.requireNonNull(value, "a queue holds no nulls")));
    }

    /**
     * Puts {@code value} if that needs no wait. Never overtakes a producer that waits.
     *
     * @param value the element
     * @return whether the queue accepted it; false as well once it is closed
     */
    public boolean tryPut(T value) {
        Objects.requireNonNull(value, "a queue holds no nulls");
        return core.tryPut(value);
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
        return PutAll.from(core, Objects.requireNonNull(source));
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
        return Assembly.of(take);
    }

    /**
     * Takes the next element if there is one. Never overtakes a consumer that waits.
     *
     * @return the element, or null if there is none
     */
    public @Nullable T tryTake() {
        return core.tryTake();
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
        return Assembly.of(Take.from(core, Objects.requireNonNull(maxWait)));
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
        return Assembly.of(flux);
    }

    /**
     * Tells that an element which was taken has been dealt with. Call it once for each element, whatever became of it.
     *
     * @throws IllegalStateException if called more often than elements were accepted
     */
    public void taskDone() {
        core.unfinished.done();
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
        return core.unfinished.join();
    }

    /**
     * Closes: nothing more is accepted, what is inside can still be taken. Waiting producers and, if it is empty, waiting
     * consumers get {@link QueueClosedException}; streams complete when it is empty. Closing again does nothing.
     */
    public void close() {
        core.close(false, null);
    }

    /**
     * Closes and drains: what is inside goes to the {@linkplain #onDiscard discard handler}, and counts as done. Waiting
     * producers and consumers get {@link QueueClosedException}, streams too if there is a cause. After {@link #close} it still
     * drains.
     *
     * @param cause why, told as the cause of those errors; or null
     */
    public void closeNow(@Nullable Throwable cause) {
        core.close(true, cause);
    }

    /**
     * Whether {@link #close} or {@link #closeNow} was called.
     *
     * @return true once nothing more is accepted
     */
    public boolean isClosed() {
        return core.isClosed();
    }

    /**
     * How many elements are inside now; old as soon as it is told.
     *
     * @return from 0 to {@link #capacity()}; for a moment one batch more, when a cancelled stream gives back what it had taken
     */
    public int size() {
        return core.size();
    }

    /**
     * The bound.
     *
     * @return the most elements it holds; 0 for a rendezvous, {@link Integer#MAX_VALUE} for no bound
     */
    public int capacity() {
        return core.capacity;
    }

    /**
     * For {@link Select#first}: takes from this queue, if it is this one that has an element first, and makes a result of it.
     *
     * @param then makes the result; runs outside the queue, once, and must not return null
     * @param <R> the result's type
     * @return a clause that does nothing by itself
     */
    public <R> Select.Clause<R> onTake(Function<? super T, ? extends R> then) {
        return new Select.OnTake<>(core, Objects.requireNonNull(then));
    }

    /**
     * The queue's numbers, each read at its own moment. Counting costs nothing extra.
     *
     * @return the numbers now
     */
    public Statistics statistics() {
        return new Statistics(
                core.unfinished.added(),
                size(),
                core.capacity,
                core.putters.size(),
                core.takers.size(),
                core.unfinished.outstanding());
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
        return "AsyncQueue[" + size() + "/" + core.capacity + ", waiting to take: " + core.takers.size() + ", to put: "
                + core.putters.size() + (isClosed() ? ", closed]" : "]");
    }
}
