package io.weir.core.task;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * A point in time by which something must be done, with all that it calls: {@code asyncio.timeout_at}, inherited.
 *
 * <pre>{@code
 * Mono<Reply> reply = Deadline.within(Duration.ofSeconds(2), lookUp(user).flatMap(this::ask));
 * }</pre>
 *
 * <p>It stands in the Context, so whatever runs inside sees it: a deadline set inside another one ends with whichever is sooner, and
 * what has limits of its own, such as the phases of a fetch, shrinks them to the {@link #remaining} time. When the time is over, what runs
 * inside is cancelled: every wait of Weir gives up its place then, and loses nothing.
 *
 * <p>Timed by {@code Schedulers.parallel()}, and not moved when the wall clock is set.
 */
public final class Deadline {
    private static final Duration AGES = Duration.ofDays(70 * 365);

    private final Clock clock;
    private final Duration budget;
    private final long startNanos;

    private Deadline(Clock clock, Duration budget) {
        this.clock = clock;
        this.budget = budget;
        this.startNanos = clock.nanos();
    }

    /**
     * Bounds the time of {@code mono}, from its subscription.
     *
     * <p>Emits what {@code mono} emits, on its thread. When the time is over, {@code mono} is cancelled, and the error arrives on
     * {@code Schedulers.parallel()}. Where no time is left, {@code mono} is not subscribed, and the error arrives at once. Errors: those of {@code mono}; {@link DeadlineExceededException}, which tells the budget and what
     * was being waited on.
     *
     * @param budget the time; zero or less: none at all
     * @param mono what must be done by then
     * @param <T> what it emits
     * @return the same, bounded
     */
    public static <T> Mono<T> within(Duration budget, Mono<T> mono) {
        return DeadlineScope.of(budget, mono);
    }

    /**
     * Bounds the time of {@code flux} as a whole, from its subscription to its end.
     *
     * <p>As {@link #within(Duration, Mono)}; elements that came in time have been emitted.
     *
     * @param budget the time; zero or less: none at all
     * @param flux what must have ended by then
     * @param <T> what it emits
     * @return the same, bounded
     */
    public static <T> Flux<T> within(Duration budget, Flux<T> flux) {
        return DeadlineScope.of(budget, flux);
    }

    /**
     * How much time is left.
     *
     * @param context a subscriber's Context
     * @return zero or more; empty where there is no deadline
     */
    public static Optional<Duration> remaining(ContextView context) {
        Deadline deadline = in(context);
        return deadline == null ? Optional.empty() : Optional.of(Duration.ofNanos(deadline.remainingNanos()));
    }

    /**
     * The deadline that holds under this Context.
     *
     * @param context a subscriber's Context
     * @return the deadline, or null where there is none
     */
    public static @Nullable Deadline in(ContextView context) {
        return context.getOrDefault(Deadline.class, null);
    }

    /**
     * How much time is left.
     *
     * @return nanoseconds, zero or more
     */
    public long remainingNanos() {
        return Math.max(0, nanos(budget) - (clock.nanos() - startNanos));
    }

    /**
     * How much time there was when it was set.
     *
     * @return the budget
     */
    public Duration budget() {
        return budget;
    }

    @Override
    public String toString() {
        return "Deadline[" + told(Duration.ofNanos(remainingNanos())) + " left of " + told(budget) + "]";
    }

    /** The sooner one of {@code budget} from now, and what {@code outer} has. */
    static Deadline after(Duration budget, ContextView outer, Scheduler scheduler) {
        Deadline inherited = in(outer);
        return inherited != null && inherited.remainingNanos() <= nanos(budget)
                ? inherited
                : new Deadline(Clock.of(scheduler), budget);
    }

    DeadlineExceededException exceeded(@Nullable Object waiting) {
        return new DeadlineExceededException(budget, waiting == null ? List.of() : WaitingOn.find(waiting));
    }

    /** At most {@link #AGES}, so that a time and a delay or two of these can be added. */
    static long nanos(Duration duration) {
        return duration.isNegative() ? 0 : duration.compareTo(AGES) >= 0 ? AGES.toNanos() : duration.toNanos();
    }

    /** As people read it: "1.5 s" and "200 ms". */
    static String told(Duration duration) {
        if (duration.isNegative() || duration.compareTo(AGES) > 0) {
            return duration.toString();
        }
        long millis = duration.toMillis();
        return millis < 1000 ? millis + " ms" : millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }
}
