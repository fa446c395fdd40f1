package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Lets one task at a time into a section. Waiting holds no thread, and tasks go in in the order they asked.
 *
 * <pre>{@code
 * AsyncLock lock = AsyncLock.create();
 * Mono<Integer> next = lock.withLock(load().flatMap(count -> save(count + 1)));
 * }</pre>
 *
 * <p>Not re-entrant: Reactor has no notion of who owns a lock, so a task that asks for the lock it is inside of waits for itself.
 * Give inner methods the {@link Permit} as an argument instead, to show that the lock is held.
 */
public final class AsyncLock {
    final AsyncSemaphore semaphore = new AsyncSemaphore(1, "the lock");
    private final Mono<Permit> lock = new AcquireMono(semaphore, 1);

    private AsyncLock() {}

    /**
     * A fair lock.
     *
     * @return a lock that is free
     */
    public static AsyncLock create() {
        return new AsyncLock();
    }

    /**
     * Runs {@code body} under the lock, waiting for it as long as it takes.
     *
     * <p>Emits what {@code body} emits, once body has completed and the lock is free again. It takes its place in the line when it
     * is first requested. The body is subscribed when the lock is there, on the thread of the subscriber or of the one that
     * released the lock. Cancelled while waiting, it takes no lock; cancelled later, it cancels the body and releases the
     * lock. Errors: those of the body.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withLock(Mono<T> body) {
        return semaphore.withPermit(body);
    }

    /**
     * Runs {@code body} under the lock, waiting for it no longer than {@code maxWait}.
     *
     * <p>As {@link #withLock(Mono)}; the bound is for the wait only and not for the body. It is timed by
     * {@code Schedulers.parallel()}, on which its error arrives. Whether the lock or the time-out came first is decided inside
     * the lock, so a wait that timed out holds nothing. Errors: {@link WaitTimeoutException} before the body is subscribed;
     * those of the body after.
     *
     * @param maxWait the longest wait; zero or less: not at all
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withLock(Duration maxWait, Mono<T> body) {
        return semaphore.withPermit(maxWait, body);
    }

    /**
     * Runs {@code body} under the lock until it ends.
     *
     * <p>As {@link #withLock(Mono)}, but elements are emitted as they come, with the subscriber's demand, and the place in the
     * line is taken on subscribe; the lock is free again before the end is told. A subscriber that stops asking keeps the lock.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Flux<T> withLock(Flux<T> body) {
        return semaphore.withPermit(body);
    }

    /**
     * Runs a body that is given the permit it runs under, to wait for an {@link AsyncCondition} with.
     *
     * <p>As {@link #withLock(Mono)}; what {@code body} throws is an error of the body. The permit is held from the call of
     * {@code body} to the end of the Mono it returns, except while that waits in {@link AsyncCondition#await(Permit)}: other
     * tasks may be inside then, and what was read before has to be read again after. When the Mono ends or is cancelled, the
     * permit is released, held or not. Released by the body, it stays so.
     *
     * @param body what to run, given the permit
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withLock(Function<? super Permit, ? extends Mono<? extends T>> body) {
        Objects.requireNonNull(body);
        return Bracket.using(lock, body, permit -> Mono.fromRunnable(permit::release));
    }

    /**
     * Waits for the lock, which the caller must release: {@link #withLock(Mono)} is the form that cannot forget.
     *
     * <p>Emits the permit. It takes its place in the line when it is first requested. The permit arrives on the thread of the
     * subscriber, or of the one that released the lock. Cancelled before the permit is emitted, it keeps none. A permit that an
     * operator downstream drops is lost, and the lock with it. No errors, and no bound to the wait.
     *
     * @return the permit
     */
    public Mono<Permit> lock() {
        return Assembly.of(lock);
    }

    /**
     * Takes the lock if it is free and nobody waits.
     *
     * @return the permit, or null
     */
    public @Nullable Permit tryLock() {
        return semaphore.tryAcquire();
    }

    /**
     * Whether somebody is inside; old as soon as it is told.
     *
     * @return true while the lock is held
     */
    public boolean isLocked() {
        return semaphore.available() == 0;
    }

    /**
     * How many wait for the lock now; old as soon as it is told. Who waits for a condition is not among them.
     *
     * @return 0 or more
     */
    public int waiting() {
        return semaphore.waiting();
    }

    @Override
    public String toString() {
        return "AsyncLock[" + (isLocked() ? "locked" : "free") + ", waiting: " + waiting() + "]";
    }
}
