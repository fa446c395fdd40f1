package io.weir.core.coroutine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A clock that goes on by whole seconds, and what a program prints, each line with the time.
 *
 * <p>Operators involve no thread, so their clock goes on at once. Bodies in direct style have threads of their own, and their clock goes on
 * when they have set as many timers as the test says, and have printed what is expected of this second: so both print the same at the
 * same time. A program that is over has left no task.
 */
final class VirtualSeconds implements BeforeEachCallback, AfterEachCallback {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MOST = 100;

    private final List<String> printed = Collections.synchronizedList(new ArrayList<>());
    private List<String> expected = List.of();
    private VirtualTimeScheduler clock;

    @Override
    public void beforeEach(ExtensionContext context) {
        clock = VirtualTimeScheduler.getOrSet();
        printed.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        VirtualTimeScheduler.reset();
        assertThat(printed).containsExactlyInAnyOrderElementsOf(expected);
        CoroutineTest.awaitEmptyTree();
    }

    /** What is to be printed, each line with its second. */
    void expect(String... lines) {
        expected = List.of(lines);
    }

    void print(String line) {
        printed.add(clock.now(TimeUnit.SECONDS) + " s: " + line);
    }

    List<String> printed() {
        return printed;
    }

    static Mono<Long> sleep(int seconds) {
        return Mono.delay(Duration.ofSeconds(seconds));
    }

    /** The program's result, which may take {@value #MOST} seconds. */
    <T> T operators(Mono<T> program) {
        CompletableFuture<T> result = program.toFuture();
        for (int i = 0; i < MOST && !result.isDone(); i++) {
            clock.advanceTimeBy(SECOND);
        }
        assertThat(result).isDone();
        return result.join();
    }

    /** The program's result: for each second, how many timers are set before it passes. */
    <T> T direct(Mono<T> program, int... timers) {
        long set = clock.getScheduledTaskCount();
        CompletableFuture<T> result = program.toFuture();
        // Counted here: while a body's thread moves the clock, as the one that happened to set a timer does, the clock
        // tells less.
        long second = clock.now(TimeUnit.SECONDS);
        for (int more : timers) {
            set += more;
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while ((clock.getScheduledTaskCount() < set || printed.size() < expectedUntil(second))
                    && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(clock.getScheduledTaskCount())
                    .as("timers at %s s, after %s", clock.now(TimeUnit.SECONDS), printed)
                    .isEqualTo(set);
            clock.advanceTimeBy(SECOND);
            second++;
        }
        return result.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private long expectedUntil(long now) {
        return expected.stream()
                .filter(line -> Long.parseLong(line.substring(0, line.indexOf(' '))) <= now)
                .count();
    }
}
