package io.weir.core.process;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * {@link AsyncProcess#stdin}: requests a chunk, writes it, and requests the next. The end of the source closes stdin, and comes after the last
 * write, as both have the pipe in their order. Who is gone is told to the source by a cancel.
 */
final class InputSubscriber implements CoreSubscriber<byte[]> {
    private final InputPipe pipe;
    private volatile @Nullable Subscription source;

    InputSubscriber(InputPipe pipe) {
        this.pipe = pipe;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(source, subscription)) {
            source = subscription;
            subscription.request(1);
        }
    }

    @Override
    public void onNext(byte[] chunk) {
        Subscription from = Objects.requireNonNull(source);
        pipe.write(Mono.just(chunk)).subscribe(count -> next(from, count == chunk.length), error -> {
            from.cancel();
            Operators.onErrorDropped(error, currentContext());
        });
    }

    private static void next(Subscription from, boolean written) {
        if (written) {
            from.request(1);
        } else {
            from.cancel();
        }
    }

    @Override
    public void onError(Throwable error) {
        Objects.requireNonNull(error);
        onComplete();
        Operators.onErrorDropped(error, currentContext()); // there is nobody else to tell
    }

    @Override
    public void onComplete() {
        pipe.close().subscribe(null, error -> Operators.onErrorDropped(error, currentContext()));
    }
}
