package io.weir.files;

import io.weir.core.debug.Assembly;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** One call to an engine, begun with the first request and answered once. */
final class CallMono<T> extends Mono<T> implements Scannable {
    private final FileOperation operation;
    private final Call<T> call;
    private final Consumer<? super T> discard;

    /** What is to be done. */
    interface Call<T> {
        /** Begins, on the thread that requests; the subscription is told the end, from any thread. */
        void begin(CallSubscription<T> subscription);

        /** Was cancelled and will not begin: gives up what it was given. */
        default void forget() {}
    }

    private CallMono(FileOperation operation, Call<T> call, Consumer<? super T> discard) {
        this.operation = operation;
        this.call = call;
        this.discard = discard;
    }

    /** What comes after a cancel is discarded. */
    static <T> Mono<T> create(FileOperation operation, Call<T> call, Consumer<? super T> discard) {
        return Assembly.of(new CallMono<>(operation, call, discard));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        actual.onSubscribe(new CallSubscription<>(operation, call, discard, actual));
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
