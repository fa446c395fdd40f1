package io.weir.core.debug;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/**
 * A Mono in all but that it notes its use. The subscriber is the source's own, so nothing is added to the signals' way. Whether a
 * source can be fused or called, Reactor sees by its type, so there is a form for each.
 */
class TrackedMono<T> extends Mono<T> implements Tracked, Scannable {
    final Mono<T> source;
    private final Made made;

    private TrackedMono(Mono<T> source, CallSite maker, CallSite last, Made.Live live) {
        this.source = source;
        this.made = new Made(this, "Mono", maker, last, live);
    }

    static <T> Mono<T> of(Mono<T> source, CallSite maker, CallSite last, Made.Live live) {
        boolean fused = source instanceof Fuseable;
        if (source instanceof Callable) {
            return fused ? new FusedCalled<>(source, maker, last, live) : new Called<>(source, maker, last, live);
        }
        return fused ? new Fused<>(source, maker, last, live) : new TrackedMono<>(source, maker, last, live);
    }

    @Override
    public final Made made() {
        return made;
    }

    @Override
    public final void subscribe(CoreSubscriber<? super T> subscriber) {
        use();
        source.subscribe(subscriber);
    }

    /** As the source does it: a Mono that is called in place of being subscribed may be waited for on any thread. */
    @Override
    public final @Nullable T block() {
        use();
        return source.block();
    }

    @Override
    public final @Nullable T block(Duration timeout) {
        use();
        return source.block(timeout);
    }

    @Override
    public final @Nullable Object scanUnsafe(Attr key) {
        return Scannable.from(source).scanUnsafe(key);
    }

    @Override
    public final String stepName() {
        return source instanceof Scannable scanned ? scanned.stepName() : source.toString();
    }

    @Override
    public final String toString() {
        return source.toString();
    }

    private static final class Fused<T> extends TrackedMono<T> implements Fuseable {
        Fused(Mono<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }
    }

    private static class Called<T> extends TrackedMono<T> implements Callable<T> {
        Called(Mono<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }

        @Override
        @SuppressWarnings("unchecked") // a Mono that can be called gives what it would emit
        public final T call() throws Exception {
            use();
            return ((Callable<T>) source).call();
        }
    }

    private static final class FusedCalled<T> extends Called<T> implements Fuseable {
        FusedCalled(Mono<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }
    }
}
