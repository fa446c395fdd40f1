package io.weir.http;

import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Blocks a test for a value that must come. */
final class Await {
    private Await() {}

    static <T> T value(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(20)), "no value");
    }
}
