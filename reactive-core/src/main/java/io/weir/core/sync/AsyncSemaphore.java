package io.weir.core.sync;

import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/**
 * Lets at most so many tasks at once into a section. Waiting holds no thread, and permits are given in the order they were
 * asked for.
 *
 * <pre>{@code
 * AsyncSemaphore three = AsyncSemaphore.of(3);
 * Flux<Reply> replies = requests.flatMap(request -> three.withPermit(send(request)));
 * }</pre>
 *
 * <p>Not re-entrant: a task that holds a permit and asks for another one waits like everybody else, and with one permit it
 * waits for itself.
 */
public final class AsyncSemaphore {
    final Turnstile turnstile = new Turnstile();
    final WaitList waiters = new WaitList();

    // Written inside; read anywhere.
    private volatile int available;

    private AsyncSemaphore(int permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be at least 1, and is " + permits);
        }
        this.available = permits;
    }

    /**
     * A fair semaphore.
     *
     * @param permits how many may be inside at once, at least 1
     * @return a semaphore with all its permits
     * @throws IllegalArgumentException if {@code permits} is less than 1
     */
    public static AsyncSemaphore of(int permits) {
        return new AsyncSemaphore(permits);
    }

    /**
     * Runs {@code body} under a permit, waiting for one as long as it takes.
     *
     * <p>Emits what {@code body} emits, once body has completed and the permit is back. It takes its place in the line when it
     * is first requested. The body is subscribed when the permit is there, on the thread of the subscriber or of the one that gave its permit back. Cancelled while waiting, it
     * takes no permit; cancelled later, it cancels the body and gives the permit back. Errors: those of the body.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withPermit(Mono<T> body) {
        return new PermitMono<>(this, null, Objects.requireNonNull(body));
    }

    /**
     * Runs {@code body} under a permit, waiting for one no longer than {@code maxWait}.
     *
     * <p>As {@link #withPermit(Mono)}; the bound is for the wait only and not for the body. It is timed by
     * {@code Schedulers.parallel()}, on which its error arrives. Whether the permit or the time-out came first is decided
     * inside the semaphore, so a wait that timed out can hold no permit. Errors: {@link WaitTimeoutException} before the body
     * is subscribed; those of the body after.
     *
     * @param maxWait the longest wait; zero or less: not at all
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withPermit(Duration maxWait, Mono<T> body) {
        return new PermitMono<>(this, Objects.requireNonNull(maxWait), Objects.requireNonNull(body));
    }

    /**
     * How many permits are free now; old as soon as it is told.
     *
     * @return from 0 to the number it was made with
     */
    public int available() {
        return available;
    }

    /**
     * How many wait for a permit now; old as soon as it is told.
     *
     * @return 0 or more
     */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public String toString() {
        return "AsyncSemaphore[available: " + available + ", waiting: " + waiters.size() + "]";
    }

    /** Inside: takes a permit if one is free; then nobody waits, for a permit that comes back goes to who waits. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who is inside
    boolean acquire() {
        if (available == 0) {
            return false;
        }
        available--;
        return true;
    }

    /** Outside: gives one permit back. */
    void release() {
        turnstile.run(new Turn() {
            @Override
            @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: who is inside
            void take() {
                Waiter next = waiters.first();
                if (next != null) {
                    next.end(Waiter.State.DELIVERED);
                } else {
                    available++;
                }
            }
        });
    }
}
