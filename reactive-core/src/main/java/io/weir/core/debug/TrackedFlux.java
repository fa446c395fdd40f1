package io.weir.core.debug;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** {@link TrackedMono}, of many. */
class TrackedFlux<T> extends Flux<T> implements Tracked, Scannable {
    final Flux<T> source;
    private final Made made;

    private TrackedFlux(Flux<T> source, CallSite maker, CallSite last, Made.Live live) {
        this.source = source;
        this.made = new Made(this, "Flux", maker, last, live);
    }

    static <T> Flux<T> of(Flux<T> source, CallSite maker, CallSite last, Made.Live live) {
        boolean fused = source instanceof Fuseable;
        if (source instanceof Callable) {
            return fused ? new FusedCalled<>(source, maker, last, live) : new Called<>(source, maker, last, live);
        }
        return fused ? new Fused<>(source, maker, last, live) : new TrackedFlux<>(source, maker, last, live);
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

    @Override
    public final int getPrefetch() {
        return source.getPrefetch();
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

    private static final class Fused<T> extends TrackedFlux<T> implements Fuseable {
        Fused(Flux<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }
    }

    private static class Called<T> extends TrackedFlux<T> implements Callable<T> {
        Called(Flux<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }

        @Override
        @SuppressWarnings("unchecked") // a Flux that can be called gives what it would emit
        public final T call() throws Exception {
            use();
            return ((Callable<T>) source).call();
        }
    }

    private static final class FusedCalled<T> extends Called<T> implements Fuseable {
        FusedCalled(Flux<T> source, CallSite maker, CallSite last, Made.Live live) {
            super(source, maker, last, live);
        }
    }
}
