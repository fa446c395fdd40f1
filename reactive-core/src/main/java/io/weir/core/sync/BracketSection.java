package io.weir.core.sync;

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
 * NEW ──► ACQUIRING ──► USING ──► RELEASING ──► ENDED
 *  │       │   └──────────┼───────────┼───────────►      acquire was empty, or failed
 *  └───────┴──────────────┴───────────┴──► CANCELLED
 * </pre>
 *
 * <p><b>Writers.</b> The subscriber goes NEW to ACQUIRING and anything to CANCELLED; acquire goes ACQUIRING to USING or ENDED; the
 * use USING to RELEASING; the release RELEASING to ENDED. Each step is one CAS.
 *
 * <p><b>Invariant.</b> Each resource is released once: by who takes the section out of USING, or, where it arrives and the section
 * is not ACQUIRING any more, by who brought it.
 *
 * <p><b>Publication.</b> The resource is written before the CAS to USING, and read only after a CAS from USING.
 *
 * <p><b>Callbacks.</b> All user code runs with nothing held. Who loses a CAS to a cancel drops what it wanted to tell.
 *
 * <p><b>Proof.</b> {@code BracketTest}: a cancel in each state, and at random from another thread; the TCK.
 */
final class BracketSection<R, T> implements CoreSubscriber<T>, Subscription, Scannable {
    private enum Phase {
        NEW,
        ACQUIRING,
        USING,
        RELEASING,
        ENDED,
        CANCELLED
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
    private @Nullable Throwable error;

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
        if (!move(Phase.ACQUIRING, Phase.USING)) {
            this.resource = null;
            release(resource, false);
            return;
        }
        Publisher<? extends T> body;
        try {
            body = Objects.requireNonNull(use.apply(resource), "use returned null");
        } catch (Throwable t) { // an Error too: the resource must go back
            ended(t);
            return;
        }
        if (phase == Phase.USING) {
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

    private void released(@Nullable Throwable failure) {
        boolean told = move(Phase.RELEASING, Phase.ENDED);
        Throwable end = error == null ? failure : failure == null ? error : Exceptions.addSuppressed(error, failure);
        if (!told) { // cancelled meanwhile
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
        if (now == Phase.CANCELLED) {
            Operators.onDiscard(next, currentContext());
        } else if (now != Phase.USING || (single && value != null)) {
            Operators.onNextDropped(next, currentContext());
        } else if (single) {
            value = next;
            if (phase == Phase.CANCELLED) { // the cancel may have looked before it was there
                discardValue();
            }
        } else {
            subscriber.onNext(next);
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
        if (phase == Phase.USING) {
            this.error = error; // before the CAS: after it, the release may be told on any thread
        }
        if (move(Phase.USING, Phase.RELEASING)) {
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
        Phase before = phase;
        while (before != Phase.ENDED && before != Phase.CANCELLED && !move(before, Phase.CANCELLED)) {
            before = phase;
        }
        if (before == Phase.ACQUIRING) {
            Operators.terminate(ACQUISITION, this);
        } else if (before == Phase.USING) {
            running.cancel();
            if (single) {
                discardValue();
            }
            release(takeResource(), false);
        }
    }

    @Override
    public Context currentContext() {
        return subscriber.currentContext();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return subscriber;
        }
        if (key == Attr.PARENT) {
            return phase == Phase.ACQUIRING ? acquisition : running;
        }
        if (key == Attr.TERMINATED) {
            return phase == Phase.ENDED;
        }
        if (key == Attr.CANCELLED) {
            return phase == Phase.CANCELLED;
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
            if (told) {
                released(error);
            } else {
                drop(error);
            }
        }

        @Override
        public void onComplete() {
            if (told) {
                released(null);
            }
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
