package io.weir.files;

import io.weir.core.debug.Assembly;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** A file read whole on a ring, and given as what a function makes of its bytes. */
final class RingMono<T> extends Mono<T> implements Scannable {
    private final FileOperation operation;
    private final byte[] name;
    private final Rings rings;
    private final int maxSize;
    private final Function<byte[], T> result;
    private final Mono<T> byThread;

    private RingMono(
            FileOperation operation,
            byte[] name,
            Rings rings,
            int maxSize,
            Function<byte[], T> result,
            Mono<T> byThread) {
        this.operation = operation;
        this.name = name;
        this.rings = rings;
        this.maxSize = maxSize;
        this.result = result;
        this.byThread = byThread;
    }

    /** The name is the path as the system calls take it; what a ring had better not read is read by the other Mono. */
    static <T> Mono<T> create(
            FileOperation operation,
            byte[] name,
            Rings rings,
            int maxSize,
            Function<byte[], T> result,
            Mono<T> byThread) {
        return Assembly.of(new RingMono<>(operation, name, rings, maxSize, result, byThread));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        RingRead<T> read = new RingRead<>(operation, name, rings.ring(), maxSize, result, byThread, actual);
        actual.onSubscribe(read);
        read.start();
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
