package io.weir.http;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One host's circuit.
 *
 * <pre>
 *            window full of failures                 openFor is over
 *   CLOSED ───────────────────────────▶ OPEN ───────────────────────▶ HALF_OPEN ── a probe is let through
 *     ▲                                  ▲                               │  │  ▲        │
 *     └────────── it succeeds ───────────│───────────────────────────────┘  │  └────────┘ it ends without an outcome
 *                                        └────────── it fails ──────────────┘
 * </pre>
 *
 * State is guarded by {@code this}; nothing foreign is called with it held. Each change of state begins a new era: what was let through
 * in an earlier one has nothing to say any more, so a crowd that fails after the circuit opened does not hold it open.
 */
final class Breaker {
    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final BreakerPolicy policy;
    private final BitSet failed = new BitSet();
    private State state = State.CLOSED;
    private int era;
    private int outcomes;
    private int next;
    private boolean probing;
    private long openedAt;
    private Instant since = Instant.EPOCH;

    Breaker(BreakerPolicy policy) {
        this.policy = policy;
    }

    /** Fails where nobody is let through now. */
    synchronized void check(Attempt attempt) {
        if (state == State.OPEN && now() - openedAt >= Limits.nanos(policy.openFor())) {
            enter(State.HALF_OPEN);
        }
        if (state == State.OPEN || probing) {
            throw new CircuitOpenException(since, since.plus(policy.openFor()), attempt.failure());
        }
    }

    /** Lets one through, or fails; who is let through must {@linkplain #end end}. */
    synchronized int admit(Attempt attempt) {
        check(attempt);
        probing = state == State.HALF_OPEN;
        return era;
    }

    /** What became of one that was let through in this era. */
    synchronized void end(int admitted, Result result) {
        if (admitted != era) {
            return;
        }
        probing = false;
        if (result == Result.NONE) {
            return;
        }
        boolean failure = result == Result.FAILURE;
        if (state == State.HALF_OPEN) {
            enter(failure ? State.OPEN : State.CLOSED);
            return;
        }
        failed.set(next, failure);
        next = (next + 1) % policy.window();
        outcomes = Math.min(outcomes + 1, policy.window());
        if (outcomes == policy.window() && failed.cardinality() * 100 >= policy.percent() * outcomes) {
            enter(State.OPEN);
        }
    }

    private void enter(State next) {
        state = next;
        era++;
        probing = false;
        if (next == State.CLOSED) {
            failed.clear();
            outcomes = 0;
            this.next = 0;
        } else if (next == State.OPEN) {
            openedAt = now();
            since = Instant.ofEpochMilli(clock().now(TimeUnit.MILLISECONDS));
        }
    }

    private static long now() {
        return clock().now(TimeUnit.NANOSECONDS);
    }

    private static Scheduler clock() {
        return Schedulers.parallel();
    }

    /** How long it must be remembered after it was last asked. */
    static Duration memory(BreakerPolicy policy) {
        return policy.openFor().multipliedBy(2);
    }

    /** What an attempt says of its host. */
    enum Result {
        SUCCESS,
        FAILURE,
        NONE;

        static Result of(int status) {
            return status >= 500 ? FAILURE : SUCCESS;
        }

        static Result of(Throwable error) {
            if (error instanceof FetchConnectException
                    || (error instanceof FetchDisconnectedException disconnected && disconnected.sent() != Sent.NO)) {
                return FAILURE;
            }
            boolean late = error instanceof FetchTimeoutException timeout && timeout.phase() != FetchPhase.QUEUE;
            return late ? FAILURE : NONE;
        }
    }
}
