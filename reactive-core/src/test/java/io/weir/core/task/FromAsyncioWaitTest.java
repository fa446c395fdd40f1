package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

/** What {@code asyncio.wait(…, FIRST_COMPLETED)} promises, and where {@link Gather#firstSuccess} differs. */
class FromAsyncioWaitTest {
    private final PublisherProbe<String> slow = PublisherProbe.of(
            Mono.defer(() -> Mono.delay(Duration.ofSeconds(10)).thenReturn("slow")));

    @Test
    void itEndsWithTheFirst() {
        StepVerifier.withVirtualTime(() -> Gather.firstSuccess(
                        List.of(slow.mono(), Mono.delay(Duration.ofMillis(100)).thenReturn("fast"))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(100))
                .expectNext("fast")
                .verifyComplete();
    }

    @Test
    void unlikeWaitTheOthersAreCancelledAndNotLeftPending() {
        StepVerifier.create(Gather.firstSuccess(List.of(slow.mono(), Mono.just("fast"))))
                .expectNext("fast")
                .verifyComplete();
        slow.assertWasCancelled();
    }

    @Test
    void unlikeWaitAnExceptionDoesNotCountAsDone() {
        StepVerifier.withVirtualTime(
                        () -> Gather.firstSuccess(List.of(slow.mono(), Mono.error(new IllegalStateException()))))
                .thenAwait(Duration.ofSeconds(10))
                .expectNext("slow")
                .verifyComplete();
    }

    @Test
    void unlikeWaitNoneDoesNotCountAsDoneWhileOthersRun() {
        StepVerifier.withVirtualTime(() -> Gather.firstSuccess(List.of(slow.mono(), Mono.empty())))
                .thenAwait(Duration.ofSeconds(10))
                .expectNext("slow")
                .verifyComplete();
    }

    @Test
    void whatIsDoneAlreadyIsTakenWithoutStartingTheRest() {
        StepVerifier.create(Gather.firstSuccess(List.of(Mono.just("there"), slow.mono())))
                .expectNext("there")
                .verifyComplete();
        assertThat(slow.wasSubscribed()).isFalse();
    }

    @Test
    void unlikeWaitNothingToWaitForIsNoError() {
        StepVerifier.create(Gather.firstSuccess(List.<Mono<String>>of())).verifyComplete();
    }
}
