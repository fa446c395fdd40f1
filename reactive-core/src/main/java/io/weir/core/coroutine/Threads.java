package io.weir.core.coroutine;

import io.weir.core.offload.Offload;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The threads that bodies run on. */
final class Threads {
    /** How many platform threads there are at most, where there are no virtual ones. */
    static final int PLATFORM = 256;

    /** How many bodies run at most on virtual threads. */
    private static final int VIRTUAL = 1 << 20;

    private static final Offload POOL = Offload.perCall("weir-coroutine", VIRTUAL, PLATFORM);

    private Threads() {}

    static <T> Mono<T> call(Callable<? extends @Nullable T> body) {
        return POOL.call(body);
    }
}
