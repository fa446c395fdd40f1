package io.weir.files;

import io.weir.core.debug.Assembly;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The elements of a cursor, opened and read on a worker while there is demand. With an interval, it is asked again and again. */
final class CursorFlux<T> extends Flux<T> implements Scannable {
    private final FileOperation operation;
    private final Cursor.Opener<T> opener;
    private final @Nullable Duration interval;
    private final Supplier<Scheduler> workers;

    private CursorFlux(
            FileOperation operation,
            Cursor.Opener<T> opener,
            @Nullable Duration interval,
            Supplier<Scheduler> workers) {
        this.operation = operation;
        this.opener = opener;
        this.interval = interval;
        this.workers = workers;
    }

    static <T> Flux<T> create(FileOperation operation, Cursor.Opener<T> opener, Supplier<Scheduler> workers) {
        return Assembly.of(new CursorFlux<>(operation, opener, null, workers));
    }

    /** What there is more after the interval is told too, until the cursor is over. */
    static <T> Flux<T> polling(
            FileOperation operation, Cursor.Opener<T> opener, Duration interval, Supplier<Scheduler> workers) {
        return Assembly.of(new CursorFlux<>(operation, opener, interval, workers));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        CursorSubscription<T> subscription = interval == null
                ? new CursorSubscription<>(operation, opener, workers.get(), actual)
                : new PollingSubscription<>(operation, opener, interval, workers.get(), actual);
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
