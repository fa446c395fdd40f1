package io.weir.http;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.ContextView;

/**
 * One request to one target: where it is, since when, and on which connection.
 *
 * <p>The transport finds it in the {@code Context} and writes it, on the connection's event loop; the {@link Call}'s timer
 * reads it from another thread. {@code since} is written before {@code phase}, so a reader that sees a phase never sees a
 * time older than its start, and cannot find it late when it is not.
 *
 * <p>A connection is this attempt's from when it is opened for it, or given to it by the pool, until the response is
 * complete; its {@link Lane} knows, on the loop. Everything that ends one therefore runs there: elsewhere it could
 * happen between the end of this attempt's response and the start of the next one's request, and close the wrong one's.
 */
final class Attempt {
    static final long NOT_YET = Long.MIN_VALUE;

    private final Target target;
    private final Call<?> call;
    private final LongSupplier clock;
    private final AtomicReference<Connected> connection = new AtomicReference<>(Connected.NOT_YET);
    private volatile long since;
    private volatile FetchPhase phase = FetchPhase.QUEUE;
    private volatile Sent sent = Sent.NO;
    private volatile @Nullable Throwable cause;
    private volatile Sinks.@Nullable Empty<Void> continued;
    private volatile boolean fromPublic;
    private volatile boolean toPublic;
    private volatile boolean paused;
    private volatile @Nullable Runnable whenFailed;
    private volatile boolean failed;
    private volatile boolean lenient;
    private volatile long admittedAt = NOT_YET;
    private volatile int era = -1;
    private volatile int status;

    Attempt(Target target, Call<?> call, LongSupplier clock) {
        this.target = target;
        this.call = call;
        this.clock = clock;
        this.since = clock.getAsLong();
    }

    static @Nullable Attempt of(@Nullable ContextView context) {
        return context == null ? null : context.getOrDefault(Attempt.class, null);
    }

    Target target() {
        return target;
    }

    FetchPhase phase() {
        return phase;
    }

    long since() {
        return since;
    }

    Sent sent() {
        return sent;
    }

    void enter(FetchPhase next) {
        FetchPhase before = phase;
        long now = clock.getAsLong();
        long took = now - since;
        since = now;
        phase = next;
        if (call.isObserved() && before != next) {
            call.entered(before, took, next);
        }
    }

    /** When it got its permits; {@link #NOT_YET} before. */
    long admittedAt() {
        return admittedAt;
    }

    /** The circuit's era in which it was let through; negative where it was not, or there is no circuit. */
    int era() {
        return era;
    }

    void era(int circuits) {
        era = circuits;
    }

    /** The response's status; 0 before. */
    int status() {
        return status;
    }

    void status(int received) {
        status = received;
    }

    /** Starts the phase's time anew, as a read does for the gap between reads. */
    void touch() {
        since = clock.getAsLong();
    }

    /**
     * Says whether anybody waits for the next part of the body: while nobody does, a silent server is not late. Called by one
     * thread at a time.
     */
    void wanted(boolean wanted) {
        if (wanted == paused) {
            since = clock.getAsLong();
            paused = !wanted;
        }
    }

    boolean paused() {
        return paused;
    }

    /** Is the next of the same call. */
    void follows(Attempt before) {
        fromPublic = before.fromPublic || before.toPublic;
    }

    /** Whether an earlier hop, or this one sent before, has reached the public internet. */
    boolean comesFromPublic() {
        return fromPublic;
    }

    void reachedPublic() {
        toPublic = true;
    }

    /** Leaves the gate. */
    void admitted() {
        long now = clock.getAsLong();
        admittedAt = now;
        call.waited(now - since);
        enter(FetchPhase.CONNECT);
    }

    /** The request goes to the socket now. */
    void writing() {
        sent = Sent.MAYBE;
        enter(FetchPhase.SEND);
    }

    /** The request was handed to the kernel; a response may have been faster. */
    void written() {
        if (phase == FetchPhase.SEND) {
            enter(FetchPhase.HEADERS);
        }
    }

    /** The request was not sent after all: it came no further than this phase. */
    void unsent(FetchPhase reached) {
        sent = Sent.NO;
        phase = reached;
    }

    void answered() {
        sent = Sent.YES;
    }

    /** Ties the connection to this attempt, so that ending it ends the connection. On the connection's loop. */
    void bind(Lane lane) {
        Connected before = connection.getAndUpdate(c -> c.aborted ? c : new Connected(lane, false));
        if (before.aborted) {
            lane.closeFor(this);
        }
    }

    /** Closes the connection if it is still this attempt's, also one that comes only later. */
    void abort() {
        Lane lane = connection.getAndUpdate(c -> new Connected(c.lane, true)).lane;
        if (lane != null) {
            lane.execute(() -> lane.closeFor(this));
        }
    }

    /** Runs on the connection's loop where there is one, else at once. */
    void execute(Runnable task) {
        Lane lane = Objects.requireNonNull(connection.get()).lane;
        if (lane == null) {
            task.run();
        } else {
            lane.execute(task);
        }
    }

    /** Runs on the connection's loop, after what runs there now. */
    void later(Runnable task) {
        Lane lane = Objects.requireNonNull(connection.get()).lane;
        if (lane == null) {
            task.run();
        } else {
            lane.later(task);
        }
    }

    /**
     * From now on a failure of the connection is not the end of the attempt: the body's reader hears of it when it has read
     * what came before, and {@link #cause()} says how. On the loop.
     */
    void leaveFailuresToReader() {
        lenient = true;
    }

    /** Runs this when the connection has failed, before Reactor Netty hears of it; {@link #cause()} says how. May run it twice. */
    void whenFailed(Runnable task) {
        whenFailed = task;
        if (failed) {
            task.run();
        }
    }

    Throwable cause() {
        return causeOr(new IllegalStateException("an exchange ended without a response"));
    }

    /** How the connection failed, where that is known, as it says more than what came of it. */
    Throwable causeOr(Throwable consequence) {
        Throwable known = cause;
        return known == null ? consequence : known;
    }

    /** The first reason stands: those that follow are its consequences. */
    void fail(Throwable reason) {
        if (cause == null) {
            cause = reason;
        }
        if (!lenient) {
            failed = true;
            Runnable task = whenFailed;
            if (task != null) {
                task.run();
            }
        }
    }

    /** The request's body cannot be sent: ends the attempt, and the connection, on which it must not go on. */
    void failSending(Throwable reason) {
        fail(new UseFailure(reason));
        abort();
    }

    /** Completes when the server wants the body. Asked for before the request is written. */
    Mono<Void> continued() {
        Sinks.Empty<Void> sink = Sinks.empty();
        continued = sink;
        return sink.asMono();
    }

    void goOn() {
        Sinks.Empty<Void> waiting = continued;
        if (waiting != null) {
            waiting.tryEmitEmpty();
        }
    }

    Failure failure() {
        return failure(phase);
    }

    Failure failure(FetchPhase in) {
        return new Failure(in, target.hostAndPort(), target.redacted(), sent, call.elapsed(), call.attempts());
    }

    /** The connection, once there is one, and whether it is to be closed. */
    private record Connected(@Nullable Lane lane, boolean aborted) {
        static final Connected NOT_YET = new Connected(null, false);
    }
}
