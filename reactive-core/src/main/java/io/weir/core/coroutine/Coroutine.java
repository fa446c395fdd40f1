package io.weir.core.coroutine;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code async} and {@code await} for Reactor: bodies in direct style.
 *
 * <pre>{@code
 * Mono<String> page = Coroutine.async(() -> {
 *     Session session = Coroutine.await(login());
 *     return Coroutine.await(fetch(session));
 * });
 * }</pre>
 *
 * <p>A body runs on a virtual thread where the JDK has them (21 and later), and before that on a pool of platform threads, at most
 * {@value Threads#PLATFORM} bodies at once, which rejects what it has no place for: it neither queues nor runs on the caller, since a body that waits for another
 * one in the queue would wait for ever. Waiting parks the thread and nothing else.
 *
 * <p>Reactor's Context of the subscriber is the Context of all that the body awaits, so deadlines, the task tree and thread locals
 * go through. Cancelling the Mono cancels what the body awaits, interrupts its thread, and makes each later await throw
 * {@link CoroutineCancelledException}; {@link #awaitShielded} is for {@code finally} blocks. A task does not end before its bodies have
 * returned.
 */
public final class Coroutine {
    private static final String NAME = "coroutine";

    private Coroutine() {}

    /**
     * A Mono that runs {@code body}.
     *
     * <p>Emits what {@code body} returns; a null completes it empty. The body starts with the first request, once for each
     * subscription, on a thread of its own, on which the signals arrive too. Cancelled before the start, it never runs; later, as the
     * class says, and what it returns all the same is discarded. Errors: what {@code body} throws;
     * {@link CoroutineRejectedException} where as many run as may.
     *
     * <p>Thread locals known to {@code io.micrometer:context-propagation}, if that is on the class path, are those of the subscriber's
     * Context or else of the thread that requests, and are put back when the body ends. All others are the thread's own: before JDK 21, where threads
     * are used again, what a body leaves in one is found by a later body. So clear it in {@code finally}, or register an accessor for it.
     *
     * @param body may {@link #await}, may block
     * @param <T> what it returns
     * @return the body, cold
     */
    public static <T> Mono<T> async(Callable<? extends @Nullable T> body) {
        return async(NAME, body);
    }

    /**
     * As {@link #async(Callable)}, with a name for the task tree.
     *
     * @param name of the task that the body is, where it does not run in a task already
     * @param body may {@link #await}, may block
     * @param <T> what it returns
     * @return the body, cold
     */
    public static <T> Mono<T> async(String name, Callable<? extends @Nullable T> body) {
        return Assembly.of(new CoroutineMono<>(name, body));
    }

    /**
     * Waits for {@code mono} and returns its value.
     *
     * <p>It is subscribed on this thread, with the Context of the body, and waited for until it completes, and not only until it has emitted. One
     * that is complete already ({@code just}, {@code empty}, {@code error}, {@code fromCallable}) is neither subscribed nor
     * waited for. Outside of a body it works too, on any thread that may block.
     *
     * <p>Null stands for an empty Mono. Most Monos are known to have a value, and many ({@code Mono<Void>}) to have none, so the type does
     * not tell: checkers of null ask for nothing here. Where it matters, let the Mono tell: {@code await(mono.single())} throws
     * {@link java.util.NoSuchElementException} instead, and {@code await(mono.singleOptional())} returns an {@link java.util.Optional}.
     *
     * <p>Throws what {@code mono} failed with, as it is, be it checked or not; the line that awaited is in the stack trace of a
     * suppressed {@code "awaited here"}.
     *
     * @param mono what to wait for
     * @param <T> its type
     * @return the value, or null if it was empty
     * @throws CoroutineCancelledException if the body has been cancelled, or the thread was interrupted
     * @throws IllegalStateException on a thread that must not block, such as an event loop's
     */
    @NullUnmarked // null if it was empty, which the caller knows better than the type
    @SuppressWarnings("unchecked") // what a Mono of T emits, or calls
    public static <T> T await(Mono<? extends T> mono) {
        return (T) (mono instanceof Callable<?> immediate ? Waits.complete(immediate) : Waits.await(mono));
    }

    /**
     * As {@link #await}, in a body that has been cancelled: for clean-up in {@code finally}.
     *
     * @param atMost the longest wait; the clean-up is cancelled after it
     * @param mono what must be done before the body ends
     * @param <T> its type
     * @return the value, or null if it was empty
     * @throws CoroutineCancelledException if it took longer, or was interrupted
     * @throws IllegalStateException on a thread that must not block, such as an event loop's
     */
    @NullUnmarked // as with await
    @SuppressWarnings("unchecked") // what a Mono of T emits
    public static <T> T awaitShielded(Duration atMost, Mono<? extends T> mono) {
        return (T) Waits.awaitShielded(atMost, mono);
    }

    /**
     * A Flux of what {@code body} yields: an async generator.
     *
     * <pre>{@code
     * Flux<Row> rows = Coroutine.generate(out -> {
     *     for (Leaf leaf = Coroutine.await(firstLeaf()); leaf != null; leaf = Coroutine.await(turn(leaf))) {
     *         for (Row row : leaf.rows()) {
     *             out.yield(row);
     *         }
     *     }
     * });
     * }</pre>
     *
     * <p>Emits what is yielded, on the body's thread, and completes when the body returns. The body starts with the first
     * request; {@code yield} parks it while there is no demand. Cancelling makes it throw {@link CoroutineCancelledException} from
     * {@code yield} and {@code await}, so {@code finally} blocks run. Errors: what {@code body} throws, after what it yielded.
     *
     * @param body yields the elements
     * @param <T> their type
     * @return the elements, cold
     */
    public static <T> Flux<T> generate(Generator<T> body) {
        return Assembly.of(new GenerateFlux<>(NAME, Objects.requireNonNull(body)));
    }

    /**
     * As {@link #iterate(Publisher, int)} with a prefetch of 256.
     *
     * @param publisher what to iterate over
     * @param <T> the elements' type
     * @return to be closed
     */
    public static <T> AsyncIterator<T> iterate(Publisher<T> publisher) {
        return iterate(publisher, 256);
    }

    /**
     * Iterates over a publisher's elements, waiting for each: {@code async for}.
     *
     * <p>Subscribes on this thread, with the Context of the body. At most {@code prefetch} elements are held; those that came before an
     * error are given before it is thrown. Closing it early cancels the publisher and discards what is held.
     *
     * @param publisher what to iterate over
     * @param prefetch how many elements to hold, at least 1
     * @param <T> the elements' type
     * @return to be closed
     * @throws IllegalArgumentException if {@code prefetch} is less than 1
     */
    public static <T> AsyncIterator<T> iterate(Publisher<T> publisher, int prefetch) {
        return PublisherIterator.over(publisher, prefetch);
    }
}
