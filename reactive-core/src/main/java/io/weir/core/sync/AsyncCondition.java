package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Lets a task that holds an {@link AsyncLock} wait until another task has changed what the lock guards.
 *
 * <pre>{@code
 * AsyncLock lock = AsyncLock.create();
 * AsyncCondition changed = AsyncCondition.on(lock);
 * Mono<String> take = lock.withLock(
 *         held -> changed.await(held, () -> !letters.isEmpty()).then(Mono.fromSupplier(letters::remove)));
 * Mono<Void> put = lock.withLock(Mono.fromRunnable(() -> {
 *     letters.add("hello");
 *     changed.signal();
 * }));
 * }</pre>
 *
 * <p>To signal while holding the lock is what makes a wait sure to see the change; {@code signal} itself does not ask for it.
 *
 * <p><b>Design.</b> The condition has no turnstile of its own: its line is a second one behind the lock's. So to join it and to
 * give up the lock is one step, and a signal only moves a waiter from this line to the end of the lock's: nobody wakes up
 * to find the lock taken.
 */
public final class AsyncCondition {
    final AsyncSemaphore semaphore;
    final WaitList waiters = new WaitList();

    private AsyncCondition(AsyncSemaphore semaphore) {
        this.semaphore = semaphore;
    }

    /**
     * A condition on what {@code lock} guards. A lock may have several.
     *
     * @param lock the lock its waiters hold
     * @return a condition nobody waits for
     */
    public static AsyncCondition on(AsyncLock lock) {
        return new AsyncCondition(lock.semaphore);
    }

    /**
     * Gives up the lock, waits for a signal, and takes the lock again.
     *
     * <p>Completes when the same permit is held again, so what follows runs under the lock. It starts on subscribe, and needs no
     * request. It completes on the thread of the one that released the lock to it, or that signalled. A signal says that something
     * changed and not that it still holds: {@link #await(Permit, BooleanSupplier)} looks again.
     *
     * <p>Cancelled while waiting for the signal, it leaves the line. Cancelled while waiting for the lock, it takes none, and the
     * next waiter gets the signal it had. Either way <em>the lock is not held after a cancel</em>: what goes on inside the
     * section, say after a {@code timeout}, has to look at {@link Permit#isHeld()}; to release the permit does nothing then.
     *
     * <p>Errors: {@code IllegalStateException} if the permit is not held, or was released while it waited; {@code
     * IllegalArgumentException} if it is not one of this condition's lock. No bound to the wait.
     *
     * @param held the permit of {@link AsyncLock#withLock(java.util.function.Function)} or {@link AsyncLock#lock()}
     * @return completes under the lock
     */
    public Mono<Void> await(Permit held) {
        Objects.requireNonNull(held);
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                ConditionWait wait = new ConditionWait(AsyncCondition.this, held, subscriber);
                subscriber.onSubscribe(wait);
                wait.start();
            }
        });
    }

    /**
     * Waits, as {@link #await(Permit)}, until {@code until} holds; not at all if it holds already.
     *
     * <p>Completes under the lock, with {@code until} just seen to be true. {@code until} is asked under the lock, first on subscribe
     * and then after each signal; each time it is false the task goes to the end of the line. Threads and cancel are those of
     * {@link #await(Permit)}. Errors: those too, and what {@code until} throws, which finds the lock held. No bound to the wait.
     *
     * @param held the permit under which to ask
     * @param until what to wait for; must not block
     * @return completes under the lock
     */
    public Mono<Void> await(Permit held, BooleanSupplier until) {
        Objects.requireNonNull(until);
        Mono<Void> wait = await(held);
        return Mono.defer(() -> {
            if (held.semaphore == semaphore && held.isHeld() && until.getAsBoolean()) {
                return Mono.empty();
            }
            return wait.repeat(() -> !until.getAsBoolean()).then(); // not held: the wait says so
        });
    }

    /** Wakes the one that has waited longest; nobody, if nobody waits. It goes on when it has the lock. */
    public void signal() {
        semaphore.turnstile.run(new Turn() {
            @Override
            void take() {
                signalOne();
            }
        });
    }

    /** Wakes all who wait now. They go on one after the other, in the order they came, as each gets the lock. */
    public void signalAll() {
        semaphore.turnstile.run(new Turn() {
            @Override
            void take() {
                while (waiters.first() instanceof ConditionWait first) {
                    first.wake(false);
                }
            }
        });
    }

    /**
     * How many wait for a signal now; old as soon as it is told. Who has been signalled and waits for the lock is not among them.
     *
     * @return 0 or more
     */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public String toString() {
        return "AsyncCondition[waiting: " + waiting() + "]";
    }

    /** Inside. */
    void signalOne() {
        if (waiters.first() instanceof ConditionWait first) {
            first.wake(true);
        }
    }
}
