package io.weir.core.process;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** {@link AsyncProcess#stdout} and its like. */
final class PipeFlux<T> extends Flux<T> implements Scannable {
    private final OutputPipe pipe;
    private final Supplier<Chunks<T>> chunks;

    PipeFlux(OutputPipe pipe, Supplier<Chunks<T>> chunks) {
        this.pipe = pipe;
        this.chunks = chunks;
    }

    static <T> Flux<T> create(OutputPipe pipe, Supplier<Chunks<T>> chunks) {
        return onAssembly(new PipeFlux<>(pipe, chunks));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> subscriber) {
        pipe.subscribe(chunks.get(), subscriber);
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return key == Attr.NAME ? pipe.label() : null;
    }
}
