package io.weir.files;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * One record that waits to be durable.
 *
 * <ul>
 *   <li>State: NEW, WAITING in the line, TAKEN into a group that is being written, ENDED.
 *   <li>Writers: the subscriber asks (NEW to WAITING) and cancels (any to ENDED); the log's turn takes (WAITING to TAKEN) and
 *       tells (to ENDED). Each step is one compare-and-set.
 *   <li>Invariant: a record is written if and only if it was TAKEN. So a cancel withdraws what waits, and what is being
 *       written it only stops listening to.
 *   <li>Callbacks: the one who moves to ENDED, and no other, signals.
 *   <li>Loss: an append that was cancelled stays in the line without its record, until the next turn.
 *   <li>Proof: {@code AppendLogTest}.
 * </ul>
 */
final class Append implements Subscription, Scannable {
    private enum State {
        NEW,
        WAITING,
        TAKEN,
        ENDED
    }

    private static final AtomicReferenceFieldUpdater<Append, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Append.class, State.class, "state");

    private final AppendLoop log;
    private final CoreSubscriber<? super Long> actual;
    private volatile State state = State.NEW;
    private byte @Nullable [] record;
    private volatile boolean cancelled;

    Append(AppendLoop log, byte[] record, CoreSubscriber<? super Long> actual) {
        this.log = log;
        this.record = record;
        this.actual = actual;
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && STATE.compareAndSet(this, State.NEW, State.WAITING)) {
            log.enter(this);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        State before = STATE.getAndSet(this, State.ENDED);
        if (before == State.WAITING) {
            record = null;
            log.left();
        }
    }

    /** The record, to be written; null: it was withdrawn. */
    byte @Nullable [] take() {
        byte[] taken = record;
        return STATE.compareAndSet(this, State.WAITING, State.TAKEN) ? taken : null;
    }

    void durable(long offset) {
        record = null;
        if (STATE.getAndSet(this, State.ENDED) != State.ENDED) {
            actual.onNext(offset);
            actual.onComplete();
        }
    }

    /** False: nobody listens any more. */
    boolean fail(Throwable t) {
        record = null;
        if (STATE.getAndSet(this, State.ENDED) == State.ENDED) {
            return false;
        }
        actual.onError(t);
        return true;
    }

    CoreSubscriber<? super Long> actual() {
        return actual;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return state == State.ENDED && !cancelled;
        }
        if (key == Attr.RUN_ON) {
            return log.workers();
        }
        if (key == Attr.NAME) {
            return "file append " + log.operation().path();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return log.operation().toString();
    }
}
