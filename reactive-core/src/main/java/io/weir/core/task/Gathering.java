package io.weir.core.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One run of one of {@link Gather}'s forms.
 *
 * <pre>
 * NEW ──► RUNNING ──► DONE        all sources have ended
 *   │        ├──────► FAILED      an error ends it early
 *   │        ├──────► WON         a value ends it early
 *   └────────┴──────► CANCELLED
 * </pre>
 *
 * <p>Who moves it out of RUNNING tells the subscriber, and nobody else does. NEW lasts until the first request, so that a result
 * never waits for demand.
 *
 * @param <R> what is emitted
 */
abstract class Gathering<R> implements Subscription, Scannable {
    enum Phase {
        NEW,
        RUNNING,
        DONE,
        FAILED,
        WON,
        CANCELLED
    }

    /** How a source failed, where that does not end the gathering. */
    record Failed(Throwable error) {}

    private static final VarHandle PHASE;

    static {
        try {
            PHASE = MethodHandles.lookup().findVarHandle(Gathering.class, "phase", Phase.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final CoreSubscriber<? super R> subscriber;
    private volatile Phase phase = Phase.NEW;

    /** Set by the source that is being started, when it ends on the starting thread; read and written by that thread only. */
    boolean endedAtOnce;

    private @Nullable Class<?> notImmediate; // by the starting thread only

    Gathering(CoreSubscriber<? super R> subscriber) {
        this.subscriber = subscriber;
    }

    /** A source has failed; true if that needs no further care. */
    abstract boolean failed(Throwable error);

    /** A source has ended, and not while it was being started by the same thread. */
    abstract void ended(GatherSource source);

    final Phase phase() {
        return phase;
    }

    final boolean move(Phase from, Phase to) {
        return PHASE.compareAndSet(this, from, to);
    }

    final boolean isRunning() {
        return phase == Phase.RUNNING;
    }

    /** Whether it ended before all sources had: nobody waits for their values any more. */
    final boolean isAbandoned() {
        return phase.compareTo(Phase.DONE) > 0;
    }

    final Context currentContext() {
        return subscriber.currentContext();
    }

    final void discard(@Nullable Object value) {
        if (value != null && !(value instanceof Failed)) {
            Operators.onDiscard(value, currentContext());
        }
    }

    /**
     * Whether {@code mono} gives what it has by a call. A class that is no Callable is remembered: that it is not costs a search
     * through all it implements, a third of the time of starting a source, and sources are mostly of one class.
     */
    final boolean isImmediate(Mono<?> mono) {
        Class<?> type = mono.getClass();
        if (type == notImmediate) {
            return false;
        }
        if (mono instanceof Callable) {
            return true;
        }
        notImmediate = type;
        return false;
    }

    /** What a source gives that needs no subscription: a value, null, or {@link Failed}. */
    final @Nullable Object call(Mono<?> source) {
        try {
            return ((Callable<?>) source).call();
        } catch (Throwable t) { // an Error too: a subscriber that hears nothing waits for ever
            return new Failed(source instanceof Fuseable.ScalarCallable ? Exceptions.unwrap(t) : thrown(t));
        }
    }

    /** Subscribes; true if {@code source} has ended by the time this returns, on this thread. */
    final boolean subscribe(Mono<?> mono, GatherSource source) {
        try {
            Mono.from(mono)
                    .subscribe(source); // from: so that thread locals are kept where Reactor is told to keep them
        } catch (Throwable t) {
            source.onError(thrown(t));
        }
        if (endedAtOnce) {
            endedAtOnce = false; // written no more than it must: others read what lies beside it
            return true;
        }
        return false;
    }

    /** As it would have come through an operator. */
    final Throwable thrown(Throwable error) {
        try {
            return Operators.onOperatorError(error, currentContext());
        } catch (Throwable fatal) {
            return fatal;
        }
    }

    /** Those of {@code slots} that are sources. */
    static Stream<? extends Scannable> inners(@Nullable Object[] slots) {
        return Stream.of(slots).filter(GatherSource.class::isInstance).map(GatherSource.class::cast);
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return phase == Phase.DONE || phase == Phase.FAILED || phase == Phase.WON;
        }
        if (key == Attr.CANCELLED) {
            return phase == Phase.CANCELLED;
        }
        return key == Attr.NAME ? "gather" : null;
    }
}
