package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** What groups leave behind: nothing. */
class TaskLeakTest {
    private static final int GROUPS = Integer.getInteger("weir.operations", 300_000) / 3;

    @Test
    void afterManyGroupsThatFailAndAreCancelledTheHeapHoldsNoTaskAndNoTimer() throws InterruptedException {
        ReferenceQueue<Object> dead = new ReferenceQueue<>();
        Set<WeakReference<Object>> alive = new HashSet<>();
        Random random = new Random(4);
        for (int i = 0; i < GROUPS; i++) {
            boolean kept = i % (GROUPS / 100) == 0;
            oneGroup(random, kept ? task -> alive.add(new WeakReference<>(task, dead)) : task -> {});
        }
        assertThat(TaskTree.snapshot()).isEmpty();
        assertThat(alive).hasSizeGreaterThan(100);
        for (int i = 0; i < 100 && !alive.isEmpty(); i++) {
            System.gc();
            for (Object found = dead.remove(50); found != null; found = dead.poll()) {
                alive.remove(found);
            }
        }
        assertThat(alive).isEmpty();
    }

    /** Tasks that succeed, fail, wait and go on for ever, with a deadline, cancelled at some moment. */
    private static void oneGroup(Random random, Consumer<Object> seen) {
        Sinks.One<Integer> last = Sinks.one();
        int kind = random.nextInt(6);
        TaskGroupBuilder how = random.nextBoolean() ? TaskGroup.failFast() : TaskGroup.supervisor();
        how.onFailure((task, error) -> {});
        if (random.nextBoolean()) {
            how.limit(1 + random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            how.deadline(Duration.ofHours(1));
        }
        Mono<Integer> running = how.using(group -> {
            for (int t = random.nextInt(4); t >= 0; t--) {
                Mono<Integer> mono = switch (random.nextInt(6)) {
                    case 0 -> Mono.just(1);
                    case 1 -> last.asMono();
                    case 2 -> kind == 0 ? Mono.error(new IllegalStateException("random")) : Mono.empty();
                    case 3 ->
                        TaskGroup.using(
                                inner -> inner.start("inner", last.asMono()).join());
                    case 4 -> Deadline.within(Duration.ofHours(1), last.asMono());
                    default -> TaskGroup.shield(last.asMono());
                };
                Task<Integer> task = group.start("t", mono);
                seen.accept(task);
                seen.accept(((TaskRun<Integer>) task).group()); // which the timer of a deadline would keep
                if (random.nextBoolean()) {
                    task.onDone(outcome -> {});
                }
                if (random.nextInt(8) == 0) {
                    task.cancel("random");
                }
            }
            group.onClose(Mono::empty);
            if (kind == 1) {
                group.cancel("random");
            }
            return kind == 2 ? last.asMono() : Mono.just(2);
        });
        var subscription = running.onErrorComplete().subscribe();
        if (kind == 3) {
            subscription.dispose();
        }
        last.tryEmitValue(3);
    }

    @TestFactory
    Stream<DynamicTest> theContextIsSeenInside() {
        Map<String, Function<Mono<String>, Flux<String>>> constructs = Map.of(
                "body", m -> TaskGroup.using(group -> m).flux(),
                "task",
                        m -> TaskGroup.using(group -> group.start("t", m).join())
                                .flux(),
                "waiting task",
                        m -> TaskGroup.failFast()
                                .limit(1)
                                .using(group -> {
                                    group.start("gate", Mono.delay(Duration.ofMillis(1), Schedulers.single()));
                                    return group.start("t", m).join();
                                })
                                .flux(),
                "nested",
                        m -> TaskGroup.using(outer -> outer.start(
                                                "o",
                                                TaskGroup.using(inner ->
                                                        inner.start("i", m).join()))
                                        .join())
                                .flux(),
                "shield", m -> TaskGroup.shield(m).flux(),
                "deadline of a Mono",
                        m -> Deadline.within(Duration.ofHours(1), m).flux(),
                "deadline of a Flux", m -> Deadline.within(Duration.ofHours(1), m.flux()),
                "periodic",
                        m -> Flux.<String>create(sink -> sink.onDispose(Periodic.run(
                                        Duration.ofHours(1),
                                        Periodic.Overrun.SKIP,
                                        () -> m.doOnNext(v -> {
                                            sink.next(v);
                                            sink.complete();
                                        }))
                                .contextWrite(sink.contextView())
                                .subscribe())),
                "clean-up",
                        m -> Flux.defer(() -> {
                            List<String> seen = new ArrayList<>();
                            return TaskGroup.using(group -> {
                                        group.onClose(() -> m.doOnNext(seen::add));
                                        return Mono.empty();
                                    })
                                    .thenMany(Flux.defer(() -> Flux.fromIterable(seen)));
                        }));
        Mono<String> who = Mono.deferContextual(context -> Mono.just(context.getOrDefault("who", "nobody")));
        return constructs.entrySet().stream()
                .map(construct -> DynamicTest.dynamicTest(
                        construct.getKey(),
                        () -> StepVerifier.create(
                                        construct.getValue().apply(who).contextWrite(Context.of("who", "me")))
                                .expectNext("me")
                                .expectComplete()
                                .verify(Duration.ofSeconds(10))));
    }
}
