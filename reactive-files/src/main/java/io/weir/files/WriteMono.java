package io.weir.files;

import io.weir.core.debug.Assembly;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Writes what a publisher emits to a target, on a worker, and emits how many bytes that were. */
final class WriteMono<T> extends Mono<Long> implements Scannable {
    private final FileOperation operation;
    private final Publisher<? extends T> source;
    private final int prefetch;
    private final Supplier<Batch<T>> batches;
    private final Opener opener;
    private final Supplier<Scheduler> workers;

    /** Opens the target, on a worker. */
    interface Opener {
        Target open() throws IOException;
    }

    private WriteMono(
            FileOperation operation,
            Publisher<? extends T> source,
            int prefetch,
            Supplier<Batch<T>> batches,
            Opener opener,
            Supplier<Scheduler> workers) {
        this.operation = operation;
        this.source = source;
        this.prefetch = prefetch;
        this.batches = batches;
        this.opener = opener;
        this.workers = workers;
    }

    static <T> Mono<Long> create(
            FileOperation operation,
            Publisher<? extends T> source,
            int prefetch,
            Supplier<Batch<T>> batches,
            Opener opener,
            Supplier<Scheduler> workers) {
        return Assembly.of(new WriteMono<>(operation, source, prefetch, batches, opener, workers));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Long> actual) {
        actual.onSubscribe(
                new WriteSubscription<>(operation, source, prefetch, batches.get(), opener, workers.get(), actual));
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PREFETCH) {
            return prefetch;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return operation.toString();
    }
}
