package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A wait with a bound of its own, under a deadline: the error tells which of the two was over, and names both. */
class DeadlineNamedTest {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);

    @Test
    void theLocalBoundWasFirst() {
        Permit held = semaphore.tryAcquire();
        StepVerifier.withVirtualTime(() -> Deadline.within(
                        Duration.ofSeconds(10), semaphore.withPermit(Duration.ofSeconds(4), Mono.just(1))))
                .thenAwait(Duration.ofSeconds(4))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .hasMessage("waited 4000 ms for a permit; the deadline of 10000 ms has 6000 ms left")
                        .isInstanceOfSatisfying(
                                WaitTimeoutException.class,
                                timeout ->
                                        assertThat(timeout.deadlineRemaining()).contains(Duration.ofSeconds(6))));
        held.release();
    }

    @Test
    void theBudgetWasFirst() {
        Permit held = semaphore.tryAcquire();
        StepVerifier.withVirtualTime(() -> Deadline.within(
                        Duration.ofSeconds(3), semaphore.withPermit(Duration.ofSeconds(4), Mono.just(1))))
                .thenAwait(Duration.ofSeconds(3))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DeadlineExceededException.class)
                        .hasMessage(
                                "the deadline of 3 s is over, while waiting on semaphore.permit (at most 4000 ms)"));
        assertThat(semaphore.waiting()).isZero();
        held.release();
    }

    @Test
    void withoutADeadlineOnlyTheBoundIsNamed() {
        AsyncEvent event = AsyncEvent.create();
        StepVerifier.withVirtualTime(() -> event.await(Duration.ofSeconds(1)))
                .thenAwait(Duration.ofSeconds(1))
                .verifyErrorSatisfies(error -> {
                    assertThat(error).hasMessage("waited 1000 ms for the event");
                    assertThat(((WaitTimeoutException) error).deadlineRemaining())
                            .isEmpty();
                });
    }
}
