package io.weir.core.sync;

import io.weir.core.task.Task;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscription of {@link Bracket#using} or {@link Bracket#usingMany}; itself the subscriber of the use.
 *
 * <pre>
 * NEW ──► ACQUIRING ──► ENTERING ──► USING ──► RELEASING ──► ENDED
 *          │             │ └────────────────►                        the use ended before the call returned
 *          │             └──► CANCELLING ──► GONE                    cancelled before the call returned
 *          └───────────────────────────────────────────────►         acquire was empty, or failed
 * any but ENDED, GONE ──► CANCELLED
 * </pre>
 *
 * <p><b>Writers.</b> The subscriber goes NEW to ACQUIRING, ENTERING to CANCELLING to GONE, and anything else to CANCELLED; acquire
 * goes ACQUIRING to ENTERING or ENDED, then ENTERING to USING or CANCELLING to CANCELLED; the use ENTERING or USING to RELEASING;
 * the release RELEASING to ENDED. Each step is one CAS.
 *
 * <p><b>ENTERING.</b> The use is being called and subscribed: its code runs on the thread that brought the resource. Cancelled
 * meanwhile, the section is CANCELLING until the use has heard of it and the call has returned; who of the two is second
 * releases. So a lock is not handed on while its holder's code runs. A use that has ended is over, returned or not; so is one
 * whose element, told in the call, is answered with a cancel: who took enough is told the end after the release. What a
 * later signal or request runs is not waited for.
 *
 * <p><b>Invariant.</b> Each resource is released once: by who goes from ENTERING or USING to RELEASING or CANCELLED; by the second
 * to leave CANCELLING; by who brought it, where the section is not ACQUIRING any more.
 *
 * <p><b>Publication.</b> The resource is written before the CAS to ENTERING, and read only after a CAS that follows it.
 *
 * <p><b>Callbacks.</b> All user code runs with nothing held. Who loses a CAS to a cancel drops what it wanted to tell.
 *
 * <p><b>Proof.</b> {@code BracketTest}: a cancel in each state, and at random from another thread; the TCK.
 * {@code BracketEnterTest}: what comes while ENTERING; {@code BracketEnterCancelRace}.
 */
final class BracketSection<R, T> implements CoreSubscriber<T>, Subscription, Scannable {
    private enum Phase {
        NEW,
        ACQUIRING,
        ENTERING,
        USING,
        RELEASING,
        ENDED,
        CANCELLING,
        GONE,
        CANCELLED;

        boolean hasResource() {
            return this == ENTERING || this == USING;
        }

        boolean isCancelled() {
            return compareTo(CANCELLING) >= 0;
        }
    }

    private static final AtomicReferenceFieldUpdater<BracketSection, Phase> PHASE =
            AtomicReferenceFieldUpdater.newUpdater(BracketSection.class, Phase.class, "phase");
    private static final AtomicReferenceFieldUpdater<BracketSection, Subscription> ACQUISITION =
            AtomicReferenceFieldUpdater.newUpdater(BracketSection.class, Subscription.class, "acquisition");
    private static final AtomicReferenceFieldUpdater<BracketSection, Object> VALUE =
            AtomicReferenceFieldUpdater.newUpdater(BracketSection.class, Object.class, "value");

    private final Mono<R> acquire;
    private final Function<? super R, ? extends Publisher<? extends T>> use;
    private final Function<? super R, ? extends Publisher<?>> release;
    private final CoreSubscriber<? super T> subscriber;

    /** Whether one value is expected, which is told after the release. */
    private final boolean single;

    private final Operators.DeferredSubscription running = new Operators.DeferredSubscription();
    private volatile Phase phase = Phase.NEW;
    private volatile @Nullable Subscription acquisition;
    private volatile @Nullable Object value;
    private @Nullable R resource;

    /** What keeps the task from ending until a cancelled section has released. Written before GONE. */
    private Task.@Nullable Hold hold;

    private @Nullable Throwable error;

    // A cancel asks only whether they are of its own thread, which sees what it wrote: they need not be volatile.
    private @Nullable Thread entering;
    private boolean telling;

    BracketSection(
            Mono<R> acquire,
            Function<? super R, ? extends Publisher<? extends T>> use,
            Function<? super R, ? extends Publisher<?>> release,
            CoreSubscriber<? super T> subscriber,
            boolean single) {
        this.acquire = acquire;
        this.use = use;
        this.release = release;
        this.subscriber = subscriber;
        this.single = single;
    }

    /** Starts to acquire, unless that was done or the subscriber has gone. */
    void start() {
        if (move(Phase.NEW, Phase.ACQUIRING)) {
            acquire.subscribe((Subscriber<? super R>) new Acquiring());
        }
    }

    private boolean move(Phase from, Phase to) {
        return PHASE.compareAndSet(this, from, to);
    }

    // ---- the resource ----

    private void arrived(R resource) {
        this.resource = resource;
        if (!move(Phase.ACQUIRING, Phase.ENTERING)) {
            release(takeResource(), false);
            return;
        }
        entering = Thread.currentThread();
        try {
            enter(resource);
        } finally { // what is fatal passes through, and a cancel may follow it
            entering = null;
            if (!move(Phase.ENTERING, Phase.USING) && !move(Phase.CANCELLING, Phase.CANCELLED) && phase == Phase.GONE) {
                release(takeResource(), false);
            }
        }
    }

    private void enter(R resource) {
        Publisher<? extends T> body;
        try {
            body = Objects.requireNonNull(use.apply(resource), "use returned null");
        } catch (Throwable t) { // an Error too: the resource must go back
            ended(t);
            return;
        }
        if (phase == Phase.ENTERING) {
            guarded(body).subscribe(this);
        }
    }

    /** Starts the release; {@code told}: its end is the section's. */
    private void release(R resource, boolean told) {
        Releasing releasing = new Releasing(told);
        Publisher<?> giveBack;
        try {
            giveBack = Objects.requireNonNull(release.apply(resource), "release returned null");
        } catch (Throwable t) {
            releasing.onError(t);
            return;
        }
        guarded(giveBack).subscribe(releasing);
    }

    /** Reactor's own tell an error in subscribe as a signal; so must the others. */
    private static <E> Publisher<E> guarded(Publisher<E> publisher) {
        return publisher instanceof CorePublisher ? publisher : Flux.from(publisher);
    }

    private R takeResource() {
        R held = Objects.requireNonNull(resource);
        resource = null;
        return held;
    }

    private void released(boolean told, @Nullable Throwable failure) {
        if (!told) {
            drop(failure);
            Task.Hold held = hold;
            if (held != null) {
                held.release();
            }
            return;
        }
        boolean heard = move(Phase.RELEASING, Phase.ENDED);
        Throwable end = error == null ? failure : failure == null ? error : Exceptions.addSuppressed(error, failure);
        if (!heard) { // cancelled meanwhile
            discardValue();
            drop(end);
        } else if (end != null) {
            discardValue();
            subscriber.onError(end);
        } else {
            T result = takeValue();
            if (result != null) {
                subscriber.onNext(result);
            }
            subscriber.onComplete();
        }
    }

    @SuppressWarnings("unchecked") // onNext puts nothing else there
    private @Nullable T takeValue() {
        return (T) VALUE.getAndSet(this, null);
    }

    private void discardValue() {
        Operators.onDiscard(takeValue(), currentContext());
    }

    private void drop(@Nullable Throwable error) {
        if (error != null) {
            Operators.onErrorDropped(error, currentContext());
        }
    }

    // ---- the use ----

    @Override
    public void onSubscribe(Subscription use) {
        running.set(use);
    }

    @Override
    public void onNext(T next) {
        Phase now = phase;
        if (now.isCancelled()) {
            Operators.onDiscard(next, currentContext());
        } else if (!now.hasResource() || (single && value != null)) {
            Operators.onNextDropped(next, currentContext());
        } else if (single) {
            value = next;
            if (phase.isCancelled()) { // the cancel may have looked before it was there
                discardValue();
            }
        } else {
            telling = entering == Thread.currentThread();
            subscriber.onNext(next);
            telling = false;
        }
    }

    @Override
    public void onError(Throwable error) {
        ended(error);
    }

    @Override
    public void onComplete() {
        ended(null);
    }

    private void ended(@Nullable Throwable error) {
        if (phase.hasResource()) {
            this.error = error; // before the CAS: after it, the release may be told on any thread
        }
        if (move(Phase.ENTERING, Phase.RELEASING) || move(Phase.USING, Phase.RELEASING)) {
            release(takeResource(), true);
        } else {
            drop(error);
        }
    }

    // ---- the subscriber's side ----

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        if (!single) {
            running.request(n);
        } else if (phase == Phase.NEW) {
            running.request(Long.MAX_VALUE);
            start();
        }
    }

    @Override
    public void cancel() {
        boolean answer = entering == Thread.currentThread() && telling;
        Phase before;
        Phase after;
        do {
            before = phase;
            if (before == Phase.ENDED || before.isCancelled()) {
                return;
            }
            after = before == Phase.ENTERING && !answer ? Phase.CANCELLING : Phase.CANCELLED;
        } while (!move(before, after));
        if (before == Phase.ACQUIRING) {
            Operators.terminate(ACQUISITION, this);
        } else if (before.hasResource()) {
            hold = Task.hold(currentContext());
            running.cancel();
            discardValue();
            if (after == Phase.CANCELLED || !move(Phase.CANCELLING, Phase.GONE)) {
                release(takeResource(), false);
            }
        }
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL || key == Attr.PARENT) {
            return key == Attr.ACTUAL ? subscriber : phase == Phase.ACQUIRING ? acquisition : running;
        }
        if (key == Attr.TERMINATED || key == Attr.CANCELLED) {
            return key == Attr.CANCELLED ? phase.isCancelled() : phase == Phase.ENDED;
        }
        return key == Attr.NAME ? "bracket" : null;
    }

    private final class Acquiring implements CoreSubscriber<R>, Scannable {
        private boolean arrived;

        @Override
        public void onSubscribe(Subscription acquisition) {
            if (Operators.setOnce(ACQUISITION, BracketSection.this, acquisition)) {
                acquisition.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(R resource) {
            if (arrived) {
                release(resource, false); // more than one breaks the contract; it is a resource all the same
            } else {
                arrived = true;
                arrived(resource);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (!arrived && move(Phase.ACQUIRING, Phase.ENDED)) {
                subscriber.onError(error);
            } else {
                drop(error);
            }
        }

        @Override
        public void onComplete() {
            if (!arrived && move(Phase.ACQUIRING, Phase.ENDED)) {
                subscriber.onComplete();
            }
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.ACTUAL ? BracketSection.this : key == Attr.NAME ? "bracket.acquire" : null;
        }
    }

    private final class Releasing implements CoreSubscriber<Object>, Scannable {
        private final boolean told;

        Releasing(boolean told) {
            this.told = told;
        }

        @Override
        public void onSubscribe(Subscription release) {
            release.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object ignored) {
            Operators.onDiscard(ignored, currentContext());
        }

        @Override
        public void onError(Throwable error) {
            released(told, error);
        }

        @Override
        public void onComplete() {
            released(told, null);
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.ACTUAL ? BracketSection.this : key == Attr.NAME ? "bracket.release" : null;
        }
    }
}
