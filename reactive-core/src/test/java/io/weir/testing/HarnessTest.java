package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The nets the other tests rely on do catch. */
class HarnessTest {
    @Test
    void aCallThatBlocksAParallelThreadIsAnError() {
        Mono<Integer> blocking = Mono.fromCallable(() -> {
            Thread.sleep(1);
            return 1;
        });
        StepVerifier.create(blocking.subscribeOn(Schedulers.parallel()))
                .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(BlockingOperationError.class));
    }

    @Test
    void aBufferNobodyReleasesIsFound() {
        leak();
        assertThat(BufferLeaks.found()).anyMatch(leak -> leak.contains("HarnessTest.leak"));
    }

    private static void leak() {
        UnpooledByteBufAllocator.DEFAULT.directBuffer(8);
    }
}
