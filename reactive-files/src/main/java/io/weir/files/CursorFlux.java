package io.weir.files;

import io.weir.core.debug.Assembly;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The elements of a cursor, opened and read on a worker while there is demand. */
final class CursorFlux<T> extends Flux<T> implements Scannable {
    private final FileOperation operation;
    private final Cursor.Opener<T> opener;
    private final Supplier<Scheduler> workers;

    private CursorFlux(FileOperation operation, Cursor.Opener<T> opener, Supplier<Scheduler> workers) {
        this.operation = operation;
        this.opener = opener;
        this.workers = workers;
    }

    static <T> Flux<T> create(FileOperation operation, Cursor.Opener<T> opener, Supplier<Scheduler> workers) {
        return Assembly.of(new CursorFlux<>(operation, opener, workers));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        CursorSubscription<T> subscription = new CursorSubscription<>(operation, opener, workers.get(), actual);
        actual.onSubscribe(subscription);
        subscription.start();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return operation.toString();
    }
}
