package io.weir.http;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One subscription to {@link FetchClient#fetch} or {@link FetchClient#exchange}: stands between the subscriber and the work, and may end the work from
 * outside because time ran out or the client is closed.
 *
 * <p>State: {@code ended}; who sets it, and nobody else, signals the subscriber or cancels the work. Writers: the work's
 * thread, the timer's, the subscriber's cancel, and who closes the client. Loss: a result that comes after the end goes to
 * the discard hook; an error that comes after it is a consequence of the end and is dropped silently. Order: the work is
 * cancelled before the error is signalled, so its permits are back when the subscriber hears of it.
 *
 * <p>There is one timer for all phases. Phases change much more often than limits run out, so a change only writes a time,
 * and the timer, set to the shortest limit, looks whether it should have fired and sets itself again. A phase that starts
 * between two looks ends no earlier than the second, so no limit is overrun.
 */
final class Call<T> implements CoreSubscriber<T>, Subscription, Scannable {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Call, Subscription> WORK =
            AtomicReferenceFieldUpdater.newUpdater(Call.class, Subscription.class, "work");

    /** Where Reactor looks for what to do with an error nobody listens to any more, before it asks the global hook. */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    private final CoreSubscriber<? super T> subscriber;
    private final Context context;
    private final FetchClient client;
    private final FetchRequest request;
    private final ResponseReader<T> reader;
    private final Redirects redirects;
    private final long total;
    private final Scheduler scheduler = Schedulers.parallel();
    private final long startedAt = now();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Disposable.Swap timer = Disposables.swap();
    private volatile @Nullable Subscription work;
    private volatile Attempt attempt;
    private final AtomicLong waited = new AtomicLong();

    Call(FetchClient client, FetchRequest request, ResponseReader<T> reader, CoreSubscriber<? super T> subscriber) {
        this.client = client;
        this.request = request;
        this.reader = reader;
        this.subscriber = subscriber;
        this.context = subscriber.currentContext().put(ON_ERROR_DROPPED, (Consumer<Throwable>) Call::ignore);
        this.redirects =
                new Redirects(request, request.redirectsOr(client.limits().redirects()));
        this.total = request.timeoutOr(client.limits().totalTimeout()).toNanos();
        this.attempt = new Attempt(request.target(), this, this::now);
    }

    Redirects redirects() {
        return redirects;
    }

    Attempt attempt() {
        return attempt;
    }

    /** Begins the next hop, or the same again on another connection. */
    Attempt next(Target target) {
        Attempt next = new Attempt(target, this, this::now);
        next.follows(attempt);
        attempt = next;
        return next;
    }

    void waited(long nanos) {
        waited.addAndGet(nanos);
    }

    Duration waited() {
        return Duration.ofNanos(waited.get());
    }

    Duration elapsed() {
        return Duration.ofNanos(now() - startedAt);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** What comes after the end is a consequence of it, and the subscriber has been told the end. */
    private static void ignore(Throwable error) {}

    // ---- the subscriber's side ----

    @Override
    public void request(long n) {
        if (Operators.validate(n) && started.compareAndSet(false, true)) {
            client.add(this);
            look();
            if (!ended.get()) {
                client.run(this, request, reader).subscribe(this);
            }
        }
    }

    @Override
    public void cancel() {
        if (end()) {
            Operators.terminate(WORK, this);
        }
    }

    /** Ends the call from outside; does nothing where it has ended. */
    void fail(FetchException error) {
        if (end()) {
            Operators.terminate(WORK, this);
            subscriber.onError(error);
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        timer.dispose();
        client.remove(this);
        return true;
    }

    // ---- the timer ----

    private void look() {
        long now = now();
        Attempt current = attempt;
        FetchPhase phase = current.phase();
        Duration limit = client.limits().of(phase);
        long left = limit.toNanos() - (now - current.since());
        long totalLeft = total - (now - startedAt);
        if (totalLeft <= 0 || phase == FetchPhase.SEND || current.paused()) {
            left = Long.MAX_VALUE;
        }
        if (left <= 0) {
            fail(new FetchTimeoutException(limit, Limits.setting(phase), current.failure(phase), null));
        } else if (totalLeft <= 0) {
            fail(new FetchTimeoutException(Duration.ofNanos(total), "totalTimeout", current.failure(phase), null));
        } else if (!ended.get()) {
            long next = Math.min(Math.min(left, totalLeft), client.shortestLimit());
            timer.update(scheduler.schedule(this::look, next, TimeUnit.NANOSECONDS));
        }
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
            subscriber.onNext(result);
            subscriber.onComplete();
        } else {
            Operators.onDiscard(result, currentContext());
        }
    }

    @Override
    public void onError(Throwable error) {
        if (end()) {
            subscriber.onError(error instanceof UseFailure users ? users.error() : error);
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            subscriber.onComplete();
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.NAME) { // and no parent: what is above it is the client's own affair
            return "fetch " + attempt.target().hostAndPort() + " (" + attempt.phase() + ")";
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
