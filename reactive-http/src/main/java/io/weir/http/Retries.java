package io.weir.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one call whether a request is sent again, and after what wait. What it remembers belongs to the call: the attempts
 * of a call follow one another, and a hedge's two are one here, so it needs no synchronisation of its own.
 *
 * <p>A decision to send again has its place in the budget and in the time that is left. All that can forbid it is asked before.
 */
final class Retries {
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private final Fetching fetching;
    private final Call<?> call;
    private @Nullable List<Throwable> earlier;
    private int repetitions;
    private boolean resent;
    private volatile boolean over; // by the transport's thread, before a timer finds it late
    private volatile boolean hedged; // by the hedge's timer

    Retries(Fetching fetching, Call<?> call) {
        this.fetching = fetching;
        this.call = call;
    }

    /** A hop begins. */
    void begin(Target target) {
        resent = false;
        HostState host = fetching.memory().known(target.hostAndPort());
        if (host != null) {
            host.budget.requested();
        }
    }

    /** From now on nothing is sent again: somebody has seen a part of the response. */
    void end() {
        over = true;
    }

    /** How long to wait before the request is sent again; null where it is not, and the error is what the fetch ends with. */
    @Nullable
    Duration after(FetchRequest request, Throwable thrown) {
        if (over || !(thrown instanceof FetchException error)) {
            return null;
        }
        boolean unsent = error.sent() == Sent.NO;
        if (unsent && error instanceof FetchDisconnectedException && !resent && request.isRepeatable()) {
            resent = true;
            call.sendsAgain();
            return Duration.ZERO;
        }
        RetryPolicy policy = policy(request);
        String refusal = null;
        Duration wait = null;
        if (mayPass(error) && request.isRepeatable() && (unsent || mayBeSentTwice(request)) && policy.attempts() > 1) {
            wait = Duration.ofNanos(jitter(policy));
            refusal = refusal(policy, request.target(), wait);
        }
        if (wait == null || refusal != null) {
            finish(error, refusal);
            return null;
        }
        note(error);
        again(String.valueOf(error.getMessage()), wait);
        return wait;
    }

    /** The same for a response: null where it is what the fetch ends with. */
    @Nullable
    Duration after(FetchRequest request, Wire.Head head) {
        RetryPolicy policy = policy(request);
        if (head.status() < 400
                || !policy.includes(head.status())
                || !request.isRepeatable()
                || !mayBeSentTwice(request)) {
            return null;
        }
        long jitter = jitter(policy);
        Duration asked = RetryAfter.of(head.headers(), call.scheduler().now(TimeUnit.MILLISECONDS));
        if (asked != null && asked.compareTo(policy.maxRetryAfter()) > 0) {
            return null;
        }
        Duration wait = asked == null ? Duration.ofNanos(jitter) : asked.plusNanos(jitter);
        if (refusal(policy, request.target(), wait) != null) {
            return null;
        }
        String why = "status " + head.status();
        note(new RetryNote("attempt " + call.attempts() + ": " + why));
        again(why, wait);
        return wait;
    }

    /** In nanoseconds; negative where this request is not hedged. */
    long hedgeDelay(FetchRequest request) {
        HedgePolicy policy = fetching.policies().hedge();
        if (policy == null || hedged || request.body() != null) {
            return -1;
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return -1;
        }
        HostState host = policy.needsLatencies()
                ? fetching.memory().known(request.target().hostAndPort())
                : null;
        return policy.delay(host == null ? null : host.latencies);
    }

    /** Takes what a hedge costs; false where there is nothing left for it. */
    boolean mayHedge(Target target) {
        if (!fetching.memory().of(target.hostAndPort()).budget.take()) {
            return false;
        }
        hedged = true;
        call.sendsAgain();
        call.tell(listener -> listener.hedged(call));
        return true;
    }

    private RetryPolicy policy(FetchRequest request) {
        return request.retryOr(fetching.policies().retry());
    }

    /** Whether it may pass by itself, and is not of our own making: who is turned away here is not helped by coming again. */
    private static boolean mayPass(FetchException error) {
        return error.isTransient()
                && switch (error.phase()) {
                    case REQUEST, QUEUE, BACKOFF, DONE -> false;
                    case DNS -> error instanceof FetchTimeoutException;
                    case CONNECT, TLS, SEND, HEADERS, BODY -> true;
                };
    }

    private static boolean mayBeSentTwice(FetchRequest request) {
        return IDEMPOTENT.contains(request.method()) || request.headers().contains("Idempotency-Key");
    }

    private @Nullable String refusal(RetryPolicy policy, Target target, Duration wait) {
        if (repetitions >= policy.attempts() - 1) {
            return "not sent again: it was the last of " + policy.attempts() + " attempts";
        }
        if (Limits.nanos(wait) >= call.nanosLeft()) {
            return "not sent again: the wait of " + wait.toMillis() + " ms does not fit into the time that is left";
        }
        if (!fetching.memory().of(target.hostAndPort()).budget.take()) {
            return "not sent again: the retry budget of " + target.hostAndPort() + " is used up";
        }
        return null;
    }

    private long jitter(RetryPolicy policy) {
        return fetching.jitter(policy.backoffNanos(repetitions + 1));
    }

    private void again(String why, Duration wait) {
        repetitions++;
        call.tell(listener -> listener.retrying(call, why, wait));
        call.sendsAgain();
    }

    private void note(Throwable before) {
        if (earlier == null) {
            earlier = new ArrayList<>(2);
        }
        earlier.add(before);
    }

    /** The last error carries those before it, and why it is the last. */
    private void finish(FetchException error, @Nullable String refusal) {
        if (earlier != null) {
            earlier.stream().filter(before -> before != error).forEach(error::addSuppressed);
        }
        if (refusal != null) {
            error.addSuppressed(new RetryNote(refusal));
        }
    }

    /** Says in a stack trace what became of an attempt that has no error of its own. */
    static final class RetryNote extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RetryNote(String message) {
            super(message, null, false, false);
        }
    }
}
