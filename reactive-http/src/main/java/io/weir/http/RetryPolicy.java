package io.weir.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a request is sent again, how often, and after what wait. Immutable: each method that sets something gives a new policy.
 *
 * <pre>{@code
 * RetryPolicy patient = RetryPolicy.standard()
 *         .attempts(5)
 *         .backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
 * }</pre>
 *
 * <p><b>What is sent again.</b> A request of which it is certain that nothing was sent, whatever its method: the connection could not
 * be made. And a request that may be sent twice, because its method is idempotent (GET, HEAD, OPTIONS, TRACE, PUT, DELETE) or because it has an {@code
 * Idempotency-Key}: after the connection broke, after a time-out of a phase, and after a status that says so, which are 408,
 * 425, 429, 502, 503 and 504. A body must be one that can be sent twice.
 *
 * <p><b>What is not.</b> What would fail again: TLS that failed, a name without address, what is not HTTP, what is too large, a redirect that is refused. And
 * what failed here: a gate that is full or was too slow, a circuit that is open.
 *
 * <p><b>The wait</b> before the n-th repetition is random between nothing and {@code first · 2ⁿ⁻¹}, and no more than {@code longest}
 * (full jitter), so that those who failed together do not come back together. Where the server says {@code Retry-After}, in seconds or as a date, it is at least that; if that is
 * more than {@link #maxRetryAfter(Duration)}, the response is given as it is. While it waits it holds no permit and no connection. If the
 * fetch's total time or its {@link io.weir.core.task.Deadline} would be over by then, it is not begun, and what there is is told at once.
 *
 * <p><b>The budget</b>, for each host: repetitions may be a tenth of the requests and ten besides, so a host that is down gets little more
 * than its usual load. A host that was not asked for a minute has its ten again.
 */
public final class RetryPolicy {
    private static final RetryPolicy STANDARD = new RetryPolicy(
            3,
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Set.of(408, 425, 429, 502, 503, 504),
            10,
            10);

    private final int attempts;
    private final Duration first;
    private final Duration longest;
    private final Duration maxRetryAfter;
    private final Set<Integer> statuses;
    private final int budgetPercent;
    private final int budgetReserve;

    private RetryPolicy(
            int attempts,
            Duration first,
            Duration longest,
            Duration maxRetryAfter,
            Set<Integer> statuses,
            int budgetPercent,
            int budgetReserve) {
        this.attempts = attempts;
        this.first = first;
        this.longest = longest;
        this.maxRetryAfter = maxRetryAfter;
        this.statuses = statuses;
        this.budgetPercent = budgetPercent;
        this.budgetReserve = budgetReserve;
    }

    /**
     * Three attempts: the default.
     *
     * @return the policy
     */
    public static RetryPolicy standard() {
        return STANDARD;
    }

    /**
     * One attempt. Even so, a request that was not written because its connection, kept from before, was found closed is written on another one, once.
     *
     * @return the policy
     */
    public static RetryPolicy none() {
        return STANDARD.attempts(1);
    }

    /**
     * The same policy with another number of attempts.
     *
     * @param attempts how often a fetch sends a request in all, redirects and hedges not counted; from 1 to 100
     * @return the policy
     */
    public RetryPolicy attempts(int attempts) {
        if (attempts < 1 || attempts > 100) {
            throw new IllegalArgumentException("attempts must be from 1 to 100: " + attempts);
        }
        return new RetryPolicy(attempts, first, longest, maxRetryAfter, statuses, budgetPercent, budgetReserve);
    }

    /**
     * The same policy with other waits.
     *
     * @param first the longest wait before the first repetition; doubles with each
     * @param longest the longest wait before any
     * @return the policy
     */
    public RetryPolicy backoff(Duration first, Duration longest) {
        Limits.positive("first", first);
        Limits.positive("longest", longest);
        return new RetryPolicy(attempts, first, longest, maxRetryAfter, statuses, budgetPercent, budgetReserve);
    }

    /**
     * The same policy with another bound on how long a server may have us wait.
     *
     * @param limit the longest {@code Retry-After} that is obeyed; a response that asks for more is given as it is
     * @return the policy
     */
    public RetryPolicy maxRetryAfter(Duration limit) {
        Limits.positive("maxRetryAfter", limit);
        return new RetryPolicy(attempts, first, longest, limit, statuses, budgetPercent, budgetReserve);
    }

    /**
     * The same policy with other statuses.
     *
     * @param statuses those after which a request is sent again; from 400 to 599
     * @return the policy
     */
    public RetryPolicy statuses(int... statuses) {
        if (!Arrays.stream(statuses).allMatch(status -> status >= 400 && status < 600)) {
            throw new IllegalArgumentException("statuses must be from 400 to 599: " + Arrays.toString(statuses));
        }
        Set<Integer> set = Arrays.stream(statuses).boxed().collect(Collectors.toUnmodifiableSet());
        return new RetryPolicy(attempts, first, longest, maxRetryAfter, set, budgetPercent, budgetReserve);
    }

    /**
     * The same policy with another budget. The client's counts, and not one that a request sets for itself.
     *
     * @param percent how many repetitions and hedges there may be to a hundred requests, from 0 to 100
     * @param reserve how many besides, 0 or more
     * @return the policy
     */
    public RetryPolicy budget(int percent, int reserve) {
        if (percent < 0 || percent > 100 || reserve < 0 || reserve > 1_000_000) {
            throw new IllegalArgumentException(
                    "percent must be from 0 to 100 and reserve from 0 to 1000000: " + percent + " and " + reserve);
        }
        return new RetryPolicy(attempts, first, longest, maxRetryAfter, statuses, percent, reserve);
    }

    /**
     * How often a fetch sends a request, redirects not counted.
     *
     * @return 1 or more
     */
    public int attempts() {
        return attempts;
    }

    boolean includes(int status) {
        return statuses.contains(status);
    }

    Duration maxRetryAfter() {
        return maxRetryAfter;
    }

    RetryBudget newBudget() {
        return new RetryBudget(budgetPercent, budgetReserve);
    }

    /** The longest wait before the n-th repetition, from 1. */
    long backoffNanos(int repetition) {
        long most = Limits.nanos(longest);
        long doubled = Limits.nanos(first);
        for (int i = 1; i < repetition && doubled < most; i++) {
            doubled *= 2;
        }
        return Math.min(doubled, most);
    }
}
