package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import io.weir.core.coroutine.Coroutine;
import io.weir.core.offload.Offload;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.sync.AsyncSemaphore;
import io.weir.core.task.Completion;
import io.weir.core.task.Deadline;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Periodic;
import io.weir.core.task.TaskGroup;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A thread local that is in the Context, under Reactor's automatic context propagation: what runs inside each construct sees it, also
 * where it is run by a thread that has another one.
 */
class ThreadLocalsTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    @BeforeAll
    static void propagate() {
        ContextRegistry.getInstance().registerThreadLocalAccessor("user", USER);
        Hooks.enableAutomaticContextPropagation();
    }

    @AfterAll
    static void stop() {
        Hooks.disableAutomaticContextPropagation();
        ContextRegistry.getInstance().removeThreadLocalAccessor("user");
        USER.remove();
    }

    /** What user code sees when it is called at once, and after a hop. */
    private static Mono<String> seen() {
        return Mono.fromCallable(() -> "" + USER.get());
    }

    private static Mono<String> seenAfterAHop() {
        return Mono.just(1).publishOn(Schedulers.parallel()).map(n -> "" + USER.get());
    }

    private static Map<String, UnaryOperator<Mono<String>>> constructs() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        Map<String, UnaryOperator<Mono<String>>> all = new LinkedHashMap<>();
        all.put("group's body", body -> TaskGroup.using(group -> body));
        all.put(
                "task, joined",
                body -> TaskGroup.using(group -> group.start("t", body).join()));
        all.put(
                "task that waited for another one, of a thread with its own user",
                body -> TaskGroup.failFast().limit(1).using(group -> {
                    group.start("first", Mono.delay(Duration.ofMillis(5)).doOnNext(tick -> USER.set("somebody else")));
                    return group.start("second", body).join();
                }));
        all.put("shield", TaskGroup::shield);
        all.put("deadline", body -> Deadline.within(Duration.ofSeconds(20), body));
        all.put("failFast", body -> Gather.failFast(List.of(body, body)).map(values -> values.get(1)));
        all.put(
                "failFast, one after the other",
                body -> Gather.failFast(
                                1, List.of(Mono.delay(Duration.ofMillis(5)).map(n -> "" + n), body))
                        .map(values -> values.get(1)));
        all.put(
                "settled",
                body -> Gather.settled(List.of(body))
                        .map(outcomes -> ((Outcome.Success<String>) outcomes.get(0)).value()));
        all.put("firstSuccess", body -> Gather.firstSuccess(List.of(Mono.<String>never(), body)));
        all.put(
                "asCompleted",
                body -> Gather.asCompleted(List.of(body))
                        .map(Completion::outcome)
                        .map(outcome -> ((Outcome.Success<String>) outcome).value())
                        .single());
        all.put(
                "periodic",
                body -> Mono.create(sink -> sink.onDispose(
                        Periodic.run(Duration.ofHours(1), Periodic.Overrun.SKIP, () -> body.doOnNext(sink::success))
                                .contextWrite(sink.contextView())
                                .subscribe())));
        all.put("withPermit", semaphore::withPermit);
        all.put(
                "coroutine",
                body -> Coroutine.async(() -> USER.get() + Coroutine.await(body).substring(3)));
        all.put(
                "coroutine that awaits a hop first",
                body -> Coroutine.async(() -> {
                    Coroutine.await(Mono.delay(Duration.ofMillis(1)));
                    return Coroutine.await(body);
                }));
        all.put(
                "generator",
                body -> Coroutine.<String>generate(out -> out.yield(Coroutine.await(body)))
                        .single());
        all.put("Offload.blocking", body -> Offload.blocking(() -> "" + USER.get()));
        all.put("Offload.cpu, then the body", body -> Offload.cpu(() -> 1).then(body));
        all.put("after a take", body -> {
            AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
            Schedulers.parallel().schedule(() -> queue.tryPut(1), 2, java.util.concurrent.TimeUnit.MILLISECONDS);
            return queue.take().map(n -> "" + USER.get());
        });
        return all;
    }

    @TestFactory
    Stream<DynamicTest> whatRunsInsideSeesTheThreadLocalOfTheContext() {
        return constructs().entrySet().stream()
                .flatMap(construct -> Stream.of(
                        DynamicTest.dynamicTest(
                                construct.getKey(),
                                () -> check(construct.getValue().apply(seen()))),
                        DynamicTest.dynamicTest(
                                construct.getKey() + ", after a hop",
                                () -> check(construct.getValue().apply(seenAfterAHop())))));
    }

    private static void check(Mono<String> mono) {
        USER.remove();
        assertThat(mono.contextWrite(context -> context.put("user", "ada")).block(Duration.ofSeconds(20)))
                .isEqualTo("ada");
        assertThat(USER.get()).as("what is left on this thread").isNull();
    }
}
