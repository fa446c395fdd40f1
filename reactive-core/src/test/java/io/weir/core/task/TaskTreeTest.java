package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.sync.AsyncSemaphore;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

class TaskTreeTest {
    @AfterEach
    void nothingIsLeft() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @Test
    void theTreeIsDrawn() {
        VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
        AsyncQueue<String> queue = AsyncQueue.bounded(1);
        AsyncSemaphore semaphore = AsyncSemaphore.of(1);
        try {
            Disposable running = TaskGroup.failFast()
                    .name("service")
                    .limit(3)
                    .using(group -> {
                        group.start("consumer", queue.take().map(String::length));
                        group.start("batch", TaskGroup.failFast().name("inner").using(inner -> {
                            inner.start("holder", semaphore.withPermit(Mono.never()));
                            inner.start("next", Mono.just(1).flatMap(n -> semaphore.acquire()));
                            return Mono.<Integer>never();
                        }));
                        group.start("copy", Mono.<Integer>deferContextual(context -> {
                            Task.current(context).orElseThrow().report(3, 10);
                            return Mono.delay(Duration.ofHours(1)).then(Mono.empty());
                        }));
                        group.start("late", Mono.just(1));
                        return Mono.never();
                    })
                    .subscribe();
            time.advanceTimeBy(Duration.ofMillis(1500));
            assertThat(TaskTree.dump()).isEqualTo("""
                    6 tasks in 1 group
                    group service OPEN 1.5 s
                    ├── consumer RUNNING 1.5 s <- queue.take
                    ├── batch RUNNING 1.5 s <- group inner
                    │   └── group inner OPEN 1.5 s
                    │       ├── holder RUNNING 1.5 s
                    │       └── next RUNNING 1.5 s <- semaphore.acquire
                    ├── copy RUNNING 1.5 s 3/10 <- delay
                    └── late WAITING 1.5 s
                    """);
            running.dispose();
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void aBigGroupIsCutInTheDrawing() {
        TaskGroup group = TaskGroup.supervisor().name("big").open();
        for (int i = 0; i < 150; i++) {
            group.start("n", Mono.never());
        }
        assertThat(TaskTree.dump()).startsWith("150 tasks in 1 group\n").endsWith("└── and 50 more\n");
        assertThat(TaskTree.snapshot().get(0).children()).hasSize(150);
        group.cancel(null);
    }

    @Test
    void jsonEscapesWhatItMust() {
        TaskGroup group = TaskGroup.supervisor().name("a \"b\" \\ \n").open();
        group.start("t", Mono.never()).report(1, -1);
        assertThat(TaskTree.json())
                .matches(
                        "\\[\\{\"kind\":\"GROUP\",\"name\":\"a \\\\\"b\\\\\" \\\\\\\\ \\\\u000a\",\"state\":\"OPEN\",\"age\":\\d+,\"waitingOn\":\\[],"
                                + "\"children\":\\[\\{\"kind\":\"TASK\",\"name\":\"t\",\"state\":\"RUNNING\",\"age\":\\d+,"
                                + "\"progress\":\\{\"done\":1,\"total\":-1},\"waitingOn\":\\[],\"children\":\\[],\"omitted\":0}],\"omitted\":0}]");
        group.cancel(null);
    }

    @Test
    void theMBeanTellsTheSame() throws Exception {
        TaskTree.register();
        TaskTree.register();
        TaskGroup group = TaskGroup.open();
        group.start("t", Mono.never());
        ObjectName name = new ObjectName("io.weir:type=TaskTree");
        assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Tasks"))
                .isEqualTo(1);
        assertThat((String) ManagementFactory.getPlatformMBeanServer().invoke(name, "dump", null, null))
                .contains("t RUNNING");
        group.cancel(null);
    }

    @Test
    void listenersHearOfStartAndEndUntilTheyAreDisposed() {
        List<String> heard = new ArrayList<>();
        Disposable listening = TaskTree.listen(new TaskListener() {
            @Override
            public void started(Task<?> task) {
                heard.add("started " + task.name());
                throw new IllegalStateException("harms nobody");
            }

            @Override
            public void ended(Task<?> task, Outcome<?> outcome) {
                heard.add("ended " + task.name() + " " + outcome);
            }
        });
        TaskGroup group = TaskGroup.open();
        group.start("one", Mono.just(1));
        group.start("two", Mono.never()).cancel("why");
        listening.dispose();
        group.start("three", Mono.just(3));
        assertThat(heard)
                .containsExactly(
                        "started one", "ended one Success[value=1]", "started two", "ended two Cancelled[reason=why]");
        StepVerifier.create(group.close()).verifyComplete();
    }

    @Test
    void theFlightRecorderHearsOfStartAndEnd(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tasks.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            TaskGroup group = TaskGroup.open();
            group.start("recorded", Mono.just(1));
            group.start("dropped", Mono.never()).cancel();
            recording.stop();
            recording.dump(file);
            StepVerifier.create(group.close()).verifyComplete();
        }
        assertThat(RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().startsWith("io.weir."))
                        .map(event -> event.getEventType().getName() + " " + event.getString("task")
                                + (event.hasField("outcome") ? " " + event.getString("outcome") : "")))
                .containsExactly(
                        "io.weir.TaskStarted recorded",
                        "io.weir.TaskEnded recorded Success",
                        "io.weir.TaskStarted dropped",
                        "io.weir.TaskEnded dropped Cancelled");
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void afterAHundredThousandGroupsThatFailedOrWereCancelledNothingIsLeft() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            int kind = random.nextInt(4);
            Mono<String> mono = TaskGroup.failFast()
                    .limit(1 + random.nextInt(2))
                    .using(group -> {
                        group.start("never", Mono.never());
                        group.start("nested", TaskGroup.using(inner -> {
                            inner.start("inner", Mono.never());
                            return Mono.never();
                        }));
                        Task<?> last = group.start("fails", Mono.error(new IllegalStateException()));
                        if (kind == 0) {
                            group.cancel("chance");
                        } else if (kind == 1) {
                            last.cancel();
                            throw new IllegalStateException("chance");
                        }
                        return kind == 2 ? Mono.error(new IllegalStateException("chance")) : Mono.never();
                    });
            Disposable running = mono.contextWrite(
                            Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) error -> {}))
                    .subscribe(value -> {}, error -> {});
            if (kind == 3) {
                running.dispose();
            }
            running.dispose();
        }
    }

    @Test
    void whatABlockingLookSeesIsNeverTorn() {
        Disposable churn = Flux.range(0, 4)
                .flatMap(n -> Flux.defer(() -> TaskGroup.using(group -> {
                            group.onClose(Mono::empty);
                            group.start("a", Mono.delay(Duration.ofNanos(1000)));
                            group.start(
                                    "b",
                                    TaskGroup.using(inner ->
                                            inner.start("c", Mono.just(1)).join()));
                            return Mono.just(1);
                        }))
                        .repeat()
                        .subscribeOn(Schedulers.parallel()))
                .subscribe();
        for (int i = 0; i < 2000; i++) {
            for (TaskNode root : TaskTree.snapshot()) {
                assertThat(root.tasks()).isLessThanOrEqualTo(3);
            }
        }
        churn.dispose();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!TaskTree.snapshot().isEmpty() && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }
}
