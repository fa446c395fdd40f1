package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
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
 * <p>A task may ask for several permits at once ({@code weight}); the next in line is then waited for, also while fewer are
 * free, so a heavy task is not starved by light ones.
 *
 * <p>Not re-entrant: a task that holds a permit and asks for another one waits like everybody else, and with one permit it
 * waits for itself.
 */
public final class AsyncSemaphore {
    private static final VarHandle AVAILABLE;

    static {
        try {
            AVAILABLE = MethodHandles.lookup().findVarHandle(AsyncSemaphore.class, "available", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Turnstile turnstile = new Turnstile();
    final WaitList waiters = new WaitList();
    private final int permits;

    /** What errors say was waited for. */
    final String what;

    // Inside only; read opaquely by those who look from outside.
    private int available;

    AsyncSemaphore(int permits, String what) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits must be at least 1, and is " + permits);
        }
        this.permits = permits;
        this.what = what;
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
        return new AsyncSemaphore(permits, "a permit");
    }

    /**
     * Runs {@code body} under a permit, waiting for one as long as it takes.
     *
     * <p>Emits what {@code body} emits, once body has completed and the permit is back. It takes its place in the line when it
     * is first requested. The body is subscribed when the permit is there, on the thread of the subscriber or of the one that
     * gave its permit back. Cancelled while waiting, it takes no permit; cancelled later, it cancels the body and gives the
     * permit back. Errors: those of the body.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Mono<T> withPermit(Mono<T> body) {
        return Assembly.of(new PermitMono<>(this, 1, null, body));
    }

    /**
     * As {@link #withPermit(Mono)}, with {@code weight} permits at once.
     *
     * @param weight how many permits the body takes, from 1 to the number the semaphore was made with
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     * @throws IllegalArgumentException if {@code weight} can never be had
     */
    public <T> Mono<T> withPermit(int weight, Mono<T> body) {
        return Assembly.of(new PermitMono<>(this, checked(weight), null, body));
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
        return Assembly.of(new PermitMono<>(this, 1, Objects.requireNonNull(maxWait), body));
    }

    /**
     * Runs {@code body} under a permit until it ends.
     *
     * <p>As {@link #withPermit(Mono)}, but elements are emitted as they come, with the subscriber's demand, and the
     * place in the line is taken on subscribe; the permit is back before the end is told.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, waiting its turn
     */
    public <T> Flux<T> withPermit(Flux<T> body) {
        Objects.requireNonNull(body);
        return Bracket.usingMany(acquire(), permit -> body, permit -> Mono.fromRunnable(permit::release));
    }

    /**
     * Waits for a permit, which the caller must release: {@link #withPermit(Mono)} is the form that cannot forget.
     *
     * <p>Emits the permit. It takes its place in the line when it is first requested. Cancelled before the permit is emitted, it
     * keeps none. A permit that an operator downstream drops is lost.
     *
     * @return emits on the thread of the subscriber, or of the one that gave its permit back
     */
    public Mono<Permit> acquire() {
        return acquire(1);
    }

    /**
     * As {@link #acquire()}, for {@code weight} permits in one.
     *
     * @param weight how many, from 1 to the number the semaphore was made with
     * @return one {@link Permit} for all
     * @throws IllegalArgumentException if {@code weight} can never be had
     */
    public Mono<Permit> acquire(int weight) {
        return Assembly.of(new AcquireMono(this, checked(weight)));
    }

    /**
     * Takes a permit if one is free and nobody waits.
     *
     * @return the permit, or null
     */
    public @Nullable Permit tryAcquire() {
        turnstile.enter();
        try {
            return waiters.isEmpty() && take(1) ? new Permit(this, 1) : null;
        } finally {
            turnstile.exit();
        }
    }

    /**
     * How many permits are free now; old as soon as it is told.
     *
     * @return from 0 to the number it was made with
     */
    public int available() {
        return (int) AVAILABLE.getOpaque(this);
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
        return "AsyncSemaphore[available: " + available() + "/" + permits + ", waiting: " + waiting() + "]";
    }

    private int checked(int weight) {
        if (weight < 1 || weight > permits) {
            throw new IllegalArgumentException("weight must be from 1 to " + permits + ", and is " + weight);
        }
        return weight;
    }

    /** Inside: takes permits for {@code waiter}, or has it wait; {@code maxWait} as in withPermit. */
    void admit(Waiter waiter, int weight, @Nullable Duration maxWait) {
        if (waiters.isEmpty() && take(weight)) {
            waiter.end(Waiter.State.DELIVERED);
        } else if (Expiry.atOnce(maxWait)) {
            waiter.end(Waiter.State.FAILED);
        } else {
            waiter.waitIn(waiters);
        }
    }

    /** Inside. */
    private boolean take(int weight) {
        if (available < weight) {
            return false;
        }
        AVAILABLE.setOpaque(this, available - weight);
        return true;
    }

    /** Outside: gives permits back. */
    void release(int weight) {
        if (turnstile.tryEnter()) {
            try {
                giveBack(weight);
            } finally {
                turnstile.exit();
            }
        } else {
            turnstile.run(new Turn() {
                @Override
                void take() {
                    giveBack(weight);
                }
            });
        }
    }

    /** Inside: gives permits back, to those who wait first. */
    void giveBack(int weight) {
        AVAILABLE.setOpaque(this, available + weight);
        serve();
    }

    /** Inside: gives what is free to those who wait, in order. */
    void serve() {
        while (waiters.first() instanceof WeightedWaiter next && take(next.weight)) {
            next.end(Waiter.State.DELIVERED);
        }
    }
}
