package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.Tck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The rules of Reactive Streams for all that tasks and groups hand out. */
class TaskTckTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final IllegalStateException BROKEN = new IllegalStateException("for the TCK");

    private final List<TaskGroup> opened = new ArrayList<>();

    @TestFactory
    Stream<DynamicNode> withAValue() {
        Mono<Long> failing = Mono.error(BROKEN);
        return Stream.of(
                verify(
                        "using",
                        1,
                        n -> TaskGroup.using(group -> group.start("t", value()).join()),
                        () -> Mono.error(BROKEN)),
                verify("body", 1, n -> TaskGroup.using(group -> value()), null),
                verify("supervisor", 1, n -> TaskGroup.supervisor().using(group -> value()), null),
                verify("join", 1, n -> joined(value()), null),
                verify("shield", 1, n -> TaskGroup.shield(value()), null),
                verify(
                        "deadline of a Mono",
                        1,
                        n -> Deadline.within(LONG, value()),
                        () -> Deadline.within(LONG, failing)),
                verify("deadline that is over", 0, n -> Mono.empty(), () -> Deadline.within(Duration.ZERO, value())),
                verify(
                        "deadline of a Flux",
                        10_000,
                        n -> Deadline.within(
                                LONG,
                                Flux.fromStream(() -> LongStream.range(0, n).boxed())),
                        () -> Deadline.within(LONG, failing.flux())));
    }

    /** Those that only end. A wait starts with the first request, so none of these fails without one. */
    @TestFactory
    Stream<DynamicNode> without() {
        return Stream.of(
                verify("terminated", 0, n -> opened().start("t", Mono.just(1)).terminated(), null),
                verify("close", 0, n -> opened().close(), null),
                verify(
                        "what is periodic",
                        0,
                        n -> Mono.empty(),
                        () -> Periodic.run(LONG, Periodic.Overrun.SKIP, () -> Mono.error(BROKEN))));
    }

    @AfterEach
    void nothingIsLeft() {
        opened.forEach(group -> group.cancel(null));
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    private TaskGroup opened() {
        TaskGroup group = TaskGroup.open();
        opened.add(group);
        return group;
    }

    private static Mono<Long> value() {
        return Mono.just(1L).hide();
    }

    private Mono<Long> joined(Mono<Long> mono) {
        TaskGroup group = opened();
        Task<Long> task = group.start("t", mono);
        group.close().subscribe();
        return task.join();
    }

    private interface Form {
        Publisher<?> of(long elements);
    }

    private static DynamicNode verify(String name, long most, Form form, @Nullable Supplier<Publisher<?>> failing) {
        return DynamicContainer.dynamicContainer(name, Tck.rules(new PublisherVerification<Object>(Tck.environment()) {
            @Override
            @SuppressWarnings("unchecked") // it only emits
            public Publisher<Object> createPublisher(long elements) {
                return (Publisher<Object>) form.of(elements);
            }

            @Override
            @SuppressWarnings("unchecked") // as above
            public @Nullable Publisher<Object> createFailedPublisher() {
                return failing == null ? null : (Publisher<Object>) failing.get();
            }

            @Override
            public long maxElementsFromPublisher() {
                return most;
            }
        }));
    }
}
