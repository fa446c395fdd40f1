package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

class ShieldTest {
    private final TestPublisher<String> source = TestPublisher.createCold();

    @Test
    void valueEmptyAndErrorPassThrough() {
        StepVerifier.create(TaskGroup.shield(Mono.just(1))).expectNext(1).verifyComplete();
        StepVerifier.create(TaskGroup.shield(Mono.empty())).verifyComplete();
        StepVerifier.create(TaskGroup.shield(Mono.error(new IllegalStateException("own"))))
                .verifyErrorMessage("own");
    }

    @Test
    void aCancelDoesNotReachIt() {
        List<Object> discarded = new ArrayList<>();
        Disposable running = TaskGroup.shield(source.mono())
                .contextWrite(context -> Operators.enableOnDiscard(context, discarded::add))
                .subscribe();
        running.dispose();
        source.assertNotCancelled();
        source.emit("v");
        assertThat(discarded).containsExactly("v");
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @Test
    void theTaskAndItsGroupWaitForIt() {
        AtomicReference<Task<?>> task = new AtomicReference<>();
        StepVerifier.create(TaskGroup.using(group -> {
                    task.set(group.start("t", TaskGroup.shield(source.mono())));
                    task.get().cancel("now");
                    return Mono.just("body");
                }))
                .expectSubscription()
                .then(() -> source.assertNotCancelled())
                .then(() -> assertThat(task.get().state()).isEqualTo(Task.State.ENDING))
                .then(() -> source.complete())
                .expectNext("body")
                .verifyComplete();
        assertThat((Object) task.get().outcome()).isEqualTo(Optional.of(new Outcome.Cancelled<>("now")));
    }

    @Test
    void theDeadlineOutsideDoesNotHoldInside() {
        StepVerifier.withVirtualTime(() -> Deadline.within(
                        Duration.ofSeconds(1),
                        TaskGroup.shield(Mono.deferContextual(
                                context -> Mono.just(Deadline.remaining(context).isPresent())))))
                .expectNext(false)
                .verifyComplete();
    }

    @Test
    void aFailureAfterTheCancelIsDroppedAndHarmsNobody() {
        List<Throwable> dropped = new ArrayList<>();
        Disposable running = TaskGroup.shield(source.mono())
                .contextWrite(Context.of(
                        "reactor.onErrorDropped.local", (java.util.function.Consumer<Throwable>) dropped::add))
                .subscribe();
        running.dispose();
        source.error(new IllegalStateException("late"));
        assertThat(dropped).singleElement().satisfies(error -> assertThat(error).hasMessage("late"));
    }
}
