package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class SubmitFromEventLoopTest {
    @ParameterizedTest
    @MethodSource("io.weir.core.offload.AccountingTest#kinds")
    void manyThreadsThatMustNotBlockSubmitAtOnce(Threads kind) {
        try (Offload pool = new Offload("busy", 3, 100_000, kind, false)) {
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
