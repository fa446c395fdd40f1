package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.weir.core.debug.Assembly;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The buffers of a source, coded on a worker. */
final class CoderFlux extends Flux<ByteBuf> implements Scannable {
    private final String name;
    private final Publisher<? extends ByteBuf> source;
    private final Supplier<Coder> coders;
    private final @Nullable DecodeLimits limits;
    private final Supplier<Scheduler> workers;

    private CoderFlux(
            String name,
            Publisher<? extends ByteBuf> source,
            Supplier<Coder> coders,
            @Nullable DecodeLimits limits,
            Supplier<Scheduler> workers) {
        this.name = name;
        this.source = source;
        this.coders = coders;
        this.limits = limits;
        this.workers = workers;
    }

    static Flux<ByteBuf> create(
            String name,
            Publisher<? extends ByteBuf> source,
            Supplier<Coder> coders,
            @Nullable DecodeLimits limits,
            Supplier<Scheduler> workers) {
        return Assembly.of(new CoderFlux(name, source, coders, limits, workers));
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        source.subscribe(new CoderSubscription(name, coders, limits, workers.get(), actual));
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return name;
    }
}
