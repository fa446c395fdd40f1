package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class PeriodicTest {
    private final List<Long> starts = new ArrayList<>();
    private VirtualTimeScheduler time;

    @BeforeEach
    void start() {
        time = VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    /** Notes the second at which it starts, and takes so many milliseconds. */
    private Supplier<Mono<?>> taking(long... millis) {
        return () -> {
            long took = millis[Math.min(starts.size(), millis.length - 1)];
            starts.add(time.now(TimeUnit.MILLISECONDS));
            return took == 0 ? Mono.empty() : Mono.delay(Duration.ofMillis(took));
        };
    }

    private List<Long> during(Duration all, Mono<Void> periodic) {
        Disposable running = periodic.subscribe();
        time.advanceTimeBy(all);
        running.dispose();
        time.advanceTimeBy(all);
        return starts;
    }

    @Test
    void runsStartAtTheRateHoweverLongEachTakes() {
        assertThat(during(
                        Duration.ofSeconds(5),
                        Periodic.run(Duration.ofSeconds(1), Periodic.Overrun.SKIP, taking(900, 1, 400, 0))))
                .containsExactly(0L, 1000L, 2000L, 3000L, 4000L, 5000L);
    }

    @Test
    void skipLeavesOutWhatComesDueDuringARun() {
        assertThat(during(
                        Duration.ofSeconds(6),
                        Periodic.run(Duration.ofSeconds(1), Periodic.Overrun.SKIP, taking(2500, 1, 1000, 1))))
                .containsExactly(0L, 3000L, 4000L, 5000L, 6000L);
    }

    @Test
    void queueOneMakesUpForOne() {
        assertThat(during(
                        Duration.ofSeconds(6),
                        Periodic.run(Duration.ofSeconds(1), Periodic.Overrun.QUEUE_ONE, taking(3500, 100, 1))))
                .containsExactly(0L, 3500L, 4000L, 5000L, 6000L);
    }

    @Test
    void theFirstRunWaitsForTheInitialDelay() {
        assertThat(during(
                        Duration.ofSeconds(5),
                        Periodic.every(Duration.ofSeconds(2))
                                .initialDelay(Duration.ofSeconds(1))
                                .run(taking(0))))
                .containsExactly(1000L, 3000L, 5000L);
    }

    @Test
    void jitterDelaysEachRunAndDoesNotAddUp() {
        List<Long> seen = during(
                Duration.ofSeconds(100),
                Periodic.every(Duration.ofSeconds(1))
                        .jitter(Duration.ofMillis(500))
                        .run(taking(0)));
        assertThat(seen).hasSizeBetween(100, 101);
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i) - 1000L * i).isBetween(0L, 500L);
        }
        assertThat(seen.stream().map(at -> at % 1000).distinct().count()).isGreaterThan(10);
    }

    @Test
    void anErrorEndsIt() {
        StepVerifier.create(Periodic.run(
                        Duration.ofSeconds(1),
                        Periodic.Overrun.SKIP,
                        () -> Mono.error(new IllegalStateException("run broke"))))
                .verifyErrorMessage("run broke");
    }

    @Test
    void reportedErrorsDoNotEndIt() {
        List<String> errors = new ArrayList<>();
        Disposable running = Periodic.every(Duration.ofSeconds(1))
                .reportErrors(error -> errors.add(error.getMessage()))
                .run(() -> {
                    if (errors.size() == 1) {
                        throw new IllegalStateException("thrown");
                    }
                    return Mono.error(new IllegalStateException("told"));
                })
                .subscribe();
        time.advanceTimeBy(Duration.ofSeconds(2));
        running.dispose();
        assertThat(errors).containsExactly("told", "thrown", "told");
    }

    @Test
    void itStopsWithItsGroupAndCancelsTheRunThatGoesOn() {
        List<String> log = new ArrayList<>();
        StepVerifier.create(TaskGroup.failFast()
                        .deadline(Duration.ofMillis(1500))
                        .using(group -> {
                            group.start(
                                    "tick",
                                    Periodic.run(
                                            Duration.ofSeconds(1),
                                            Periodic.Overrun.SKIP,
                                            () -> Mono.delay(Duration.ofMillis(900))
                                                    .doOnSubscribe(s -> log.add("start"))
                                                    .doOnCancel(() -> log.add("cancel"))));
                            return Mono.never();
                        }))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(10)))
                .verifyError(DeadlineExceededException.class);
        assertThat(log).containsExactly("start", "start", "cancel");
    }

    @Test
    void runsThatEndAtOnceAndMakeUpForOthersNeedNoStack() {
        long[] runs = {0};
        Disposable running = Periodic.run(Duration.ofNanos(1), Periodic.Overrun.QUEUE_ONE, () -> {
                    time.advanceTimeBy(Duration.ofNanos(2));
                    return ++runs[0] == 100_000 ? Mono.never() : Mono.empty();
                })
                .subscribe();
        running.dispose();
        assertThat(runs[0]).isEqualTo(100_000);
    }

    @Test
    void settingsOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> Periodic.every(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> Periodic.every(Duration.ofSeconds(1)).jitter(Duration.ofSeconds(2)))
                .hasMessageContaining("PT2S");
        assertThatThrownBy(() -> Periodic.every(Duration.ofSeconds(1)).initialDelay(Duration.ofSeconds(-1)))
                .hasMessageContaining("PT-1S");
    }
}
