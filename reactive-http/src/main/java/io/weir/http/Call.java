package io.weir.http;

import io.weir.core.task.Deadline;
import io.weir.core.task.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One subscription to a fetch or an exchange: stands between the subscriber and the work, and may end the work from outside because the client is
 * closed. Knows what is left of its time; who waits for anything ({@link Timed}, a backoff) asks it.
 *
 * <p>State: {@code ended}; who sets it, and nobody else, signals the subscriber or cancels the work. Writers: the work's
 * thread, the subscriber's cancel, and who closes the client. Loss: a result that comes after the end goes to
 * the discard hook; an error that comes after it is a consequence of the end and is dropped silently. Order: the work is
 * cancelled before the error is signalled, so its permits are back when the subscriber hears of it.
 *
 * <p>A {@link Deadline} that is nearer than the total takes its place, but {@link #GRACE} later: whoever set it tells its end, and in
 * its own words. Only where nobody does, as its Context was taken elsewhere, does the call.
 *
 * <p>{@code begun} is for listeners, which hear the start before the end also where a cancel comes in the middle of the first: then who
 * tells the start tells the end too.
 */
final class Call<T> implements CoreSubscriber<T>, Subscription, Scannable, FetchProgress {
    @SuppressWarnings("rawtypes") // as an updater needs it
    private static final AtomicReferenceFieldUpdater<Call, Subscription> WORK =
            AtomicReferenceFieldUpdater.newUpdater(Call.class, Subscription.class, "work");

    /** Where Reactor looks for what to do with an error nobody listens to any more, before it asks the global hook. */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int NEW = 0;
    private static final int BEGUN = 1;
    private static final int CANCELLED = 2;

    private final CoreSubscriber<? super T> subscriber;
    private final Context context;
    private final Fetching fetching;
    private final FetchRequest request;
    private final ResponseReader<T> reader;
    private final Redirects redirects;
    private final Retries retries;
    private final long total;
    private final boolean byDeadline;
    private final Scheduler scheduler = Schedulers.parallel();
    private final long startedAt = now();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger begun = new AtomicInteger(NEW);
    private final AtomicInteger attempts = new AtomicInteger(1);
    private final AtomicLong waited = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable Subscription work;
    private volatile Attempt attempt;
    private boolean tried;
    private volatile int status;

    Call(Fetching fetching, FetchRequest request, ResponseReader<T> reader, CoreSubscriber<? super T> subscriber) {
        this.fetching = fetching;
        this.request = request;
        this.reader = reader;
        this.subscriber = subscriber;
        this.context = subscriber.currentContext().put(ON_ERROR_DROPPED, (Consumer<Throwable>) Call::ignore);
        this.redirects =
                new Redirects(request, request.redirectsOr(fetching.limits().redirects()));
        long own = Limits.nanos(request.timeoutOr(fetching.limits().totalTimeout()));
        Deadline deadline = Deadline.in(context);
        long outer = deadline == null ? Long.MAX_VALUE : deadline.remainingNanos();
        this.total = Math.min(own, outer);
        this.byDeadline = outer < own;
        this.retries = new Retries(fetching, this);
        this.attempt = new Attempt(request.target(), this, this::now);
    }

    Redirects redirects() {
        return redirects;
    }

    Retries retries() {
        return retries;
    }

    ResponseReader<T> reader() {
        return reader;
    }

    Attempt attempt() {
        return attempt;
    }

    /** Begins the next hop, the same again, or the same beside it; the first was made with the call, to be seen from the start. */
    Attempt next(Target target) {
        if (!tried) {
            tried = true;
            attempt.touch();
            return attempt;
        }
        Attempt next = new Attempt(target, this, this::now);
        next.follows(attempt);
        attempt = next;
        return next;
    }

    /** Counts a repetition or a hedge. */
    void sendsAgain() {
        attempts.incrementAndGet();
    }

    void waited(long nanos) {
        waited.addAndGet(nanos);
    }

    Duration waited() {
        return Duration.ofNanos(waited.get());
    }

    /** What has passed but for the waits; not negative where a hedge waits while the other works. */
    Duration worked() {
        return Duration.ofNanos(Math.max(0, now() - startedAt - waited.get()));
    }

    /** Of the response that is read to the end. */
    void responded(int responseStatus) {
        status = responseStatus;
        bytes.set(0);
    }

    void received(int more) {
        bytes.addAndGet(more);
    }

    /** An attempt has gone to another phase. */
    void entered(FetchPhase from, long took, FetchPhase to) {
        tell(listener -> listener.phase(this, from, Duration.ofNanos(took), to));
    }

    boolean isObserved() {
        return !fetching.listeners().isEmpty();
    }

    void tell(Consumer<FetchListener> event) {
        if (isObserved()) {
            fetching.listeners().tell(event);
        }
    }

    // ---- time ----

    Limits limits() {
        return fetching.limits();
    }

    long shortestLimit() {
        return fetching.shortestLimit();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** What is left of the call's time: nothing may be begun that takes as long or longer. */
    long nanosLeft() {
        return total - (now() - startedAt);
    }

    /** When the call ends itself. */
    long nanosToEnd() {
        return byDeadline ? nanosLeft() + GRACE : nanosLeft();
    }

    FetchTimeoutException late(FetchPhase phase) {
        return new FetchTimeoutException(
                Duration.ofNanos(total),
                byDeadline ? FetchTimeoutException.DEADLINE : "totalTimeout",
                attempt.failure(phase),
                null);
    }

    /** What comes after the end is a consequence of it, and the subscriber has been told the end. */
    private static void ignore(Throwable error) {}

    // ---- the subscriber's side ----

    @Override
    public void request(long n) {
        if (Operators.validate(n) && !ended.get() && started.compareAndSet(false, true)) {
            tell(listener -> listener.started(this));
            if (!begun.compareAndSet(NEW, BEGUN)) {
                toldCancelled();
                return;
            }
            fetching.add(this);
            if (ended.get()) {
                fetching.remove(this); // cancelled meanwhile, when it was not in there yet
            } else if (nanosLeft() <= 0) {
                fail(late(FetchPhase.REQUEST));
            } else {
                fetching.run(this, request).subscribe(this);
            }
        }
    }

    @Override
    public void cancel() {
        if (end()) {
            Operators.terminate(WORK, this);
            if (begun.getAndSet(CANCELLED) == BEGUN) {
                toldCancelled();
            }
        }
    }

    private void toldCancelled() {
        tell(listener -> listener.ended(this, new Outcome.Cancelled<>(null)));
    }

    /** Ends the call from outside; does nothing where it has ended. */
    void fail(FetchException error) {
        if (end()) {
            Operators.terminate(WORK, this);
            failed(error);
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        fetching.remove(this);
        return true;
    }

    private void failed(Throwable error) {
        tell(listener -> listener.ended(this, new Outcome.Failure<>(error)));
        subscriber.onError(error);
    }

    // ---- the work's side ----

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.setOnce(WORK, this, s)) {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(T result) {
        if (end()) {
            tell(listener -> listener.ended(this, new Outcome.Success<>(result)));
            subscriber.onNext(result);
            subscriber.onComplete();
        } else {
            Operators.onDiscard(result, currentContext());
        }
    }

    @Override
    public void onError(Throwable error) {
        if (end()) {
            failed(error instanceof UseFailure users ? users.error() : error);
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            tell(listener -> listener.ended(this, new Outcome.Empty<>()));
            subscriber.onComplete();
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    // ---- for those who look ----

    @Override
    public FetchRequest request() {
        return request;
    }

    @Override
    public String host() {
        return attempt.target().hostAndPort();
    }

    @Override
    public FetchPhase phase() {
        return attempt.phase();
    }

    @Override
    public int attempts() {
        return attempts.get();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bytes() {
        return bytes.get();
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(now() - startedAt);
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.NAME) { // and no parent: what is above it is the client's own affair
            int sent = attempts.get();
            return "fetch " + host() + " (" + phase() + (sent > 1 ? ", attempt " + sent : "") + ")";
        }
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.TERMINATED) {
            return ended.get() && work != Operators.cancelledSubscription();
        }
        if (key == Attr.CANCELLED) {
            return work == Operators.cancelledSubscription();
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
