package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class SubmitFromEventLoopTest {
    @Test
    void manyThreadsThatMustNotBlockSubmitAtOnce() {
        try (Offload pool = Offload.bounded("busy", 3, 100_000)) {
            long answered = Flux.range(0, 4) // under BlockHound: a submitter that parks on a lock is an error
                    .flatMap(i -> Flux.range(0, 20_000)
                            .subscribeOn(Schedulers.parallel())
                            .flatMap(j -> pool.call(() -> j), 1000))
                    .count()
                    .block();
            assertThat(answered).isEqualTo(80_000);
        }
    }
}
