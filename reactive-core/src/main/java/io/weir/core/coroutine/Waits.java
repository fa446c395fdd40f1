package io.weir.core.coroutine;

import io.weir.core.task.Deadline;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** How a thread waits for a Mono. */
final class Waits {
    /** An error that is awaited again and again keeps the first few lines that did. */
    private static final int MOST_TRACES = 8;

    private Waits() {}

    /** The value of a Mono that has one at once. */
    static @Nullable Object complete(Callable<?> immediate) {
        CoroutineRun<?> run = CoroutineRun.current();
        if (run != null && run.isCancelled()) {
            throw cancelled(run);
        }
        try {
            return immediate.call();
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static @Nullable Object await(Mono<?> mono) {
        CoroutineRun<?> run = CoroutineRun.current();
        if (run != null && run.isCancelled()) {
            throw cancelled(run);
        }
        Await await = new Await(run == null ? Context.empty() : run.context());
        if (subscribed(mono, await, run, null, Await.FOR_EVER)) {
            return await.result();
        }
        throw run == null || !run.isCancelled()
                ? new CoroutineCancelledException("the thread was interrupted while it awaited")
                : cancelled(run);
    }

    static @Nullable Object awaitShielded(Duration atMost, Mono<?> mono) {
        CoroutineRun<?> run = CoroutineRun.current();
        Context context = run == null ? Context.empty() : run.context().delete(Deadline.class);
        boolean interrupted = Thread.interrupted();
        try {
            Await await = new Await(context);
            if (!subscribed(mono, await, run, run, TimeUnit.NANOSECONDS.convert(atMost))) {
                throw new CoroutineCancelledException(
                        "a shielded wait was not over within " + atMost + ", or was interrupted");
            }
            return await.result();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** True if the Mono has ended. */
    private static boolean subscribed(
            Mono<?> mono,
            Await await,
            @Nullable CoroutineRun<?> run,
            @Nullable CoroutineRun<?> shieldedFrom,
            long nanos) {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "await would block " + Thread.currentThread().getName()
                            + ", which must not block: run the body with Coroutine.async, or compose with flatMap");
        }
        subscribe(mono, await);
        if (await.isDone()) {
            return true;
        }
        if (run == null) {
            return await.park(nanos, null);
        }
        run.awaits(await);
        try {
            return await.park(nanos, shieldedFrom);
        } finally {
            run.awaits(null);
        }
    }

    @SuppressWarnings("unchecked") // Await takes anything
    private static void subscribe(Mono<?> mono, Await await) {
        ((Mono<Object>) mono).subscribe((Subscriber<Object>) await);
    }

    static CoroutineCancelledException cancelled(CoroutineRun<?> run) {
        return new CoroutineCancelledException(run.name() + " has been cancelled");
    }

    /** {@code error} as it is, with this stack; the compiler need not know that it may be checked. */
    static RuntimeException thrown(Throwable error) {
        if (error.getSuppressed().length < MOST_TRACES) {
            error.addSuppressed(new Exception("awaited here"));
        }
        return Waits.<RuntimeException>sneak(error);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is what sneaks it past the compiler
    private static <E extends Throwable> RuntimeException sneak(Throwable error) throws E {
        throw (E) error;
    }
}
