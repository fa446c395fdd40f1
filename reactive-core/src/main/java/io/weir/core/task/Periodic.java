package io.weir.core.task;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs something again and again at a fixed rate, one run at a time.
 *
 * <pre>{@code
 * group.start("refresh", Periodic.every(Duration.ofSeconds(30))
 *         .jitter(Duration.ofSeconds(3))
 *         .reportErrors(error -> log(error))
 *         .run(() -> refresh()));
 * }</pre>
 *
 * <p>The runs are due at fixed points in time, the start plus the initial delay plus a multiple of the period, so they do not
 * drift however long each takes. Not for use by several threads at once.
 */
public final class Periodic {
    /** What happens with the runs that come due while another one still goes on. */
    public enum Overrun {
        /** They are left out; the next one is the first that is due after the end. */
        SKIP,
        /** One of them is made up for, at once; the others are left out. */
        QUEUE_ONE
    }

    private final Duration period;
    private Overrun overrun = Overrun.SKIP;
    private Duration jitter = Duration.ZERO;
    private Duration initialDelay = Duration.ZERO;
    private @Nullable Consumer<? super Throwable> errors;

    private Periodic(Duration period) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("the period must be more than zero, and is " + period);
        }
        this.period = period;
    }

    /**
     * Runs every {@code period}: short for {@code every(period).overrun(overrun).run(work)}.
     *
     * @param period the time between two starts, more than zero
     * @param overrun what happens with runs that come due while another one goes on
     * @param work gives what is to run, each time anew
     * @return ends with an error, or when cancelled
     * @throws IllegalArgumentException if the period is zero or less
     */
    public static Mono<Void> run(Duration period, Overrun overrun, Supplier<? extends Mono<?>> work) {
        return every(period).overrun(overrun).run(work);
    }

    /**
     * Settings for runs every {@code period}; {@link #run(Supplier)} makes the Mono.
     *
     * @param period the time between two starts, more than zero
     * @return settings: skip, no jitter, no delay, stop at the first error
     * @throws IllegalArgumentException if the period is zero or less
     */
    public static Periodic every(Duration period) {
        return new Periodic(period);
    }

    /**
     * What happens with runs that come due while another one goes on.
     *
     * @param overrun {@link Overrun#SKIP} by default
     * @return this
     */
    public Periodic overrun(Overrun overrun) {
        this.overrun = Objects.requireNonNull(overrun);
        return this;
    }

    /**
     * Delays each run by a random time, so that many machines do not strike together. The points at which runs are due stay where they are.
     *
     * @param jitter less than this; from zero to the period
     * @return this
     * @throws IllegalArgumentException if it is negative or more than the period
     */
    public Periodic jitter(Duration jitter) {
        if (jitter.isNegative() || jitter.compareTo(period) > 0) {
            throw new IllegalArgumentException(
                    "the jitter must be from zero to the period " + period + ", and is " + jitter);
        }
        this.jitter = jitter;
        return this;
    }

    /**
     * When the first run is due.
     *
     * @param delay after the subscription; zero by default
     * @return this
     * @throws IllegalArgumentException if it is negative
     */
    public Periodic initialDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("the initial delay must not be negative, and is " + delay);
        }
        this.initialDelay = delay;
        return this;
    }

    /**
     * Goes on after a run has failed. Without this, the first error ends it.
     *
     * @param handler hears of each error; must not block; what it throws ends it
     * @return this
     */
    public Periodic reportErrors(Consumer<? super Throwable> handler) {
        this.errors = Objects.requireNonNull(handler);
        return this;
    }

    /**
     * Runs {@code work} at each due time.
     *
     * <p>Emits nothing and never completes. Each subscription starts its own series. {@code work} is called and its Mono subscribed
     * on {@code Schedulers.parallel()}, the first one without a delay on the subscriber's thread, and a run that makes up for others on the thread that
     * ended the one before. Cancelling cancels the run that goes on, and starts no more. Errors: the first of a run, unless
     * {@link #reportErrors} takes them.
     *
     * @param work gives what is to run, each time anew; its value is ignored
     * @return ends with an error, or when cancelled
     */
    public Mono<Void> run(Supplier<? extends Mono<?>> work) {
        Objects.requireNonNull(work);
        long periodNanos = Deadline.nanos(period);
        long delayNanos = Deadline.nanos(initialDelay);
        long jitterNanos = Deadline.nanos(jitter);
        Overrun policy = overrun;
        Consumer<? super Throwable> handler = errors;
        Mono<Void> guarded = Mono.<Void>defer(() -> work.get().then());
        Mono<Void> once = handler == null
                ? guarded
                : guarded.onErrorResume(error -> {
                    handler.accept(error);
                    return Mono.empty();
                });
        return Mono.defer(() -> {
            Scheduler timer = Schedulers.parallel();
            Ticks ticks = new Ticks(Clock.of(timer), delayNanos, periodNanos, policy);
            return Mono.defer(() -> pause(ticks.nextDelay(), jitterNanos, timer))
                    .then(once)
                    .repeat()
                    .then();
        });
    }

    private static Mono<?> pause(long nanos, long jitterNanos, Scheduler timer) {
        long all = nanos + (jitterNanos == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitterNanos));
        return all <= 0 ? Mono.empty() : Mono.delay(Duration.ofNanos(all), timer);
    }

    /** When runs are due. Used by one run after the other. */
    private static final class Ticks {
        private final Clock clock;
        private final long period;
        private final Overrun overrun;
        private final long firstDue;

        /** The run that comes next is due at {@code firstDue + next * period}. */
        private long next;

        Ticks(Clock clock, long delay, long period, Overrun overrun) {
            this.clock = clock;
            this.period = period;
            this.overrun = overrun;
            this.firstDue = clock.nanos() + delay;
        }

        /** How long to wait for the next run; zero or less where it is to make up for one that was missed. */
        long nextDelay() {
            long late = clock.nanos() - firstDue - next * period;
            if (next > 0 && late > 0) {
                long missed = overrun == Overrun.SKIP ? (late + period - 1) / period : late / period;
                next += missed;
                late -= missed * period;
            }
            next++;
            return -late;
        }
    }
}
