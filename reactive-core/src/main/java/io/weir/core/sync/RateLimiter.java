package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets so many tasks start in a time, evenly spread, with a burst after a quiet time. Waiting holds no thread, and tasks go on
 * in the order they came.
 *
 * <pre>{@code
 * RateLimiter tenPerSecond = RateLimiter.of(10, Duration.ofSeconds(1), 3);
 * Mono<Reply> limited = tenPerSecond.limit(send(request));
 * Flux<Request> paced = requests.delayUntil(each -> tenPerSecond.acquire());
 * }</pre>
 *
 * <p>It is a bucket of tokens: it starts full, with {@code burst}; a token drops in every {@code period / permits}, as long as
 * there is room; each start takes one, and waits for it in line if there is none. What drops in while somebody waits is theirs,
 * whether or not the timer was on time: a timer that comes late, after a pause of the JVM, serves all who are due by then. So
 * lateness does not add up, and over a long time the rate is exact.
 *
 * <p><b>Design.</b> The {@link TokenBucket} counts in whole numbers and is exact. Who waits is served by one timer, set for
 * the next token; when nobody waits there is none. A waiter has no timer of its own, not even with a bound: when it will be
 * served at the latest is known when it comes, because those before it are known.
 */
public final class RateLimiter {
    final Turnstile turnstile = new Turnstile();
    final WaitList waiters = new WaitList();
    private final TokenBucket bucket;

    // Inside only.
    private @Nullable TokenTimer timer;

    private RateLimiter(TokenBucket bucket) {
        this.bucket = bucket;
    }

    /**
     * A limiter with a full bucket.
     *
     * @param permits how many may start in {@code period}, at least 1
     * @param period the time for that many, more than zero
     * @param burst how many may start at once after a quiet time, at least 1
     * @return a limiter
     * @throws IllegalArgumentException if a number is out of bounds, or {@code burst} times {@code period} is more than 292 years
     */
    public static RateLimiter of(int permits, Duration period, int burst) {
        return new RateLimiter(new TokenBucket(permits, period, burst));
    }

    /**
     * Waits for a token and takes it.
     *
     * <p>Completes when the token is taken. It takes its place in the line on subscribe, and needs no request. It completes on the
     * thread of the subscriber, or on {@code Schedulers.parallel()}, which also gives the time. Cancelled while waiting, it leaves,
     * and those behind it go on earlier; after it has completed, the token is gone. Errors: {@code RejectedExecutionException} if
     * the scheduler does not take the timer. No bound to the wait.
     *
     * @return completes when the caller may start
     */
    public Mono<Void> acquire() {
        return from(null);
    }

    /**
     * Waits for a token and takes it, if that is possible within {@code maxWait}.
     *
     * <p>As {@link #acquire()}. Whether it is possible is decided when it comes, given those before it: if not, it fails at once
     * and does not wait first. If it is, it is served when its turn comes, so late only as the timer is. Errors: {@link
     * WaitTimeoutException}.
     *
     * @param maxWait the longest wait; zero or less: not at all
     * @return completes when the caller may start
     */
    public Mono<Void> acquire(Duration maxWait) {
        return from(Objects.requireNonNull(maxWait));
    }

    /**
     * Takes a token if there is one and nobody waits.
     *
     * @return whether the caller may start
     */
    public boolean tryAcquire() {
        Scheduler clock = Schedulers.parallel();
        turnstile.enter();
        try {
            bucket.refill(clock, waiters.isEmpty());
            return waiters.isEmpty() && bucket.take();
        } finally {
            turnstile.exit();
        }
    }

    /**
     * Runs {@code body} once it has a token.
     *
     * <p>Emits what {@code body} emits. It takes its place in the line on subscribe, once for each subscription: a retry of the
     * result takes another token. The body is subscribed when the token is there, on the thread of {@link #acquire()}. Cancelled
     * while waiting, it leaves the line; cancelled later, it cancels the body, and the token is gone. Errors: those of {@link
     * #acquire()} and of the body. No bound to the wait.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, when its turn has come
     */
    public <T> Mono<T> limit(Mono<T> body) {
        return acquire().then(body);
    }

    /**
     * Runs {@code body} once it has a token: one for the whole of it, and not one for each element.
     *
     * <p>As {@link #limit(Mono)}; elements are emitted as they come, with the subscriber's demand.
     *
     * @param body what to run, cold
     * @param <T> what it emits
     * @return the body, when its turn has come
     */
    public <T> Flux<T> limit(Flux<T> body) {
        return acquire().thenMany(body);
    }

    /**
     * How many wait for a token now; old as soon as it is told.
     *
     * @return 0 or more
     */
    public int waiting() {
        return waiters.size();
    }

    @Override
    public String toString() {
        return "RateLimiter[" + bucket + ", waiting: " + waiting() + "]";
    }

    private Mono<Void> from(@Nullable Duration maxWait) {
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> subscriber) {
                TokenWait wait = new TokenWait(RateLimiter.this, Schedulers.parallel(), maxWait, subscriber);
                subscriber.onSubscribe(wait);
                wait.start();
            }
        });
    }

    /** Inside: takes a token for {@code wait}, or has it wait, or fail if it cannot be served in time. */
    void admit(TokenWait wait, Scheduler clock, @Nullable Duration maxWait) {
        bucket.refill(clock, waiters.isEmpty());
        if (waiters.isEmpty() && bucket.take()) {
            wait.end(Waiter.State.DELIVERED);
        } else if (maxWait != null && bucket.nanosUntil(waiters.size() + 1L) > Expiry.nanos(maxWait)) {
            wait.end(Waiter.State.FAILED);
        } else {
            wait.waitIn(waiters);
            serve(clock);
        }
    }

    /** Inside: a token that was taken and not used comes back. */
    void giveBack(Scheduler clock) {
        bucket.refill(clock, waiters.isEmpty());
        bucket.giveBack(waiters.isEmpty());
        serve(clock);
    }

    /** Inside: the timer has come. */
    void due(TokenTimer timer, Scheduler clock) {
        if (this.timer == timer) {
            this.timer = null;
            bucket.refill(clock, waiters.isEmpty());
            serve(clock);
        }
    }

    /** Inside: the scheduler did not take the timer, so those who wait for it would do so for ever. */
    void refused(TokenTimer timer, Throwable error) {
        if (this.timer == timer) {
            this.timer = null;
            while (waiters.first() instanceof TokenWait first) {
                first.refuse(error);
            }
        }
    }

    /** Inside: a waiter has left. */
    void left() {
        TokenTimer running = timer;
        if (waiters.isEmpty() && running != null) {
            timer = null;
            turnstile.ready(running.stopping());
        }
    }

    /** Inside: gives what is there to those who wait; sets the timer first, so that no slow subscriber holds it up. */
    private void serve(Scheduler clock) {
        long servable = bucket.tokens();
        if (servable < waiters.size()) {
            if (timer == null) {
                TokenTimer next = new TokenTimer(this, clock, bucket.nanosUntil(servable + 1));
                timer = next;
                turnstile.ready(next);
            }
        }
        while (waiters.first() instanceof TokenWait first && bucket.take()) {
            first.end(Waiter.State.DELIVERED);
        }
        bucket.settle(waiters.isEmpty());
        left();
    }
}
