package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** What {@code asyncio.shield} promises, and where {@link TaskGroup#shield} differs. */
class FromAsyncioShieldTest {
    private final TestPublisher<Integer> inner = TestPublisher.createCold();
    private final List<Object> told = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @Test
    void theResultComesThrough() {
        StepVerifier.create(TaskGroup.shield(inner.mono()))
                .then(() -> inner.emit(42))
                .expectNext(42)
                .verifyComplete();
    }

    @Test
    void theErrorComesThrough() {
        StepVerifier.create(TaskGroup.shield(inner.mono()))
                .then(() -> inner.error(new IllegalStateException("expected")))
                .verifyErrorMessage("expected");
    }

    @Test
    void whatIsDoneIsToldAtOnce() {
        StepVerifier.create(TaskGroup.shield(Mono.just(42))).expectNext(42).verifyComplete();
    }

    @Test
    void cancellingTheInnerOneIsToldOutside() {
        TaskGroup group = TaskGroup.open();
        Task<Integer> task = group.start("inner", inner.mono());
        TaskGroup.shield(task.join()).subscribe(told::add, told::add);
        task.cancel();
        assertThat(told).singleElement().isInstanceOf(TaskCancelledException.class);
        group.cancel(null);
    }

    @Test
    void cancellingTheOuterOneDoesNotReachTheInnerOne() {
        Disposable outer = TaskGroup.shield(inner.mono()).subscribe(told::add, told::add);
        outer.dispose();
        inner.assertNotCancelled();
        inner.emit(42);
        assertThat(told).isEmpty();
    }

    @Test
    void whoeverElseWaitsForTheInnerOneHearsOfItAfterTheOuterCancel() {
        TaskGroup group = TaskGroup.open();
        Task<Integer> task = group.start("inner", inner.mono());
        TaskGroup.shield(task.join()).subscribe().dispose();
        task.join().subscribe(told::add);
        inner.emit(1);
        assertThat(told).containsExactly(1);
        group.cancel(null);
    }

    @Test
    void anErrorAfterTheOuterCancelIsReported() {
        List<Throwable> dropped = new ArrayList<>();
        TaskGroup.shield(inner.mono())
                .contextWrite(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add))
                .subscribe()
                .dispose();
        inner.error(new IllegalStateException("foo"));
        assertThat(dropped).singleElement().satisfies(error -> assertThat(error).hasMessage("foo"));
    }

    @Test
    void severalOutersOfOneTaskAreCancelledEachForItself() {
        TaskGroup group = TaskGroup.open();
        Task<Integer> task = group.start("inner", inner.mono());
        Disposable one = TaskGroup.shield(task.join()).subscribe(value -> told.add("one " + value));
        TaskGroup.shield(task.join()).subscribe(value -> told.add("two " + value));
        one.dispose();
        inner.emit(1);
        assertThat(told).containsExactly("two 1");
        group.cancel(null);
    }

    @Test
    void unlikeAsyncioTheTaskItIsInWaitsForIt() {
        StepVerifier.create(TaskGroup.using(group -> {
                    group.start("t", TaskGroup.shield(inner.mono())).cancel();
                    return Mono.just("body");
                }))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(5))
                .then(() -> inner.emit(1))
                .expectNext("body")
                .verifyComplete();
    }

    @Test
    void unlikeAsyncioItStartsWhenItIsAskedForAndRunsForEachSubscriber() {
        AtomicInteger runs = new AtomicInteger();
        Mono<Integer> shielded = TaskGroup.shield(Mono.fromCallable(runs::incrementAndGet));
        assertThat(runs).hasValue(0);
        StepVerifier.create(shielded.repeat(1)).expectNext(1, 2).verifyComplete();
    }
}
