package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@EnabledOnOs(OS.LINUX)
class InputTest {
    private static final int MUCH = 10 << 20;

    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    @Test
    void aDialogueIsAWriteAndALineAndSoOn() {
        Flux<String> answers =
                AsyncProcess.usingMany(Command.shell("while read -r line; do echo \"got $line\"; done"), process -> {
                    Flux<String> lines = process.stdoutLines();
                    return process.write("1\n")
                            .thenMany(lines)
                            .concatMap(
                                    line -> (line.equals("got 3")
                                                    ? process.closeStdin()
                                                    : process.write((line.charAt(4) - '0' + 1) + "\n"))
                                            .thenReturn(line),
                                    1);
                });
        StepVerifier.create(answers).expectNext("got 1", "got 2", "got 3").verifyComplete();
    }

    @Test
    void aSubscriberWritesAllAndCloses() {
        Flux<byte[]> source = Flux.range(0, 2000).map(i -> (i + "\n").getBytes(StandardCharsets.UTF_8));
        AsyncProcess.using(Command.of("wc", "-l"), process -> {
                    source.subscribe(process.stdin());
                    return process.stdoutLines().next().map(String::strip);
                })
                .as(StepVerifier::create)
                .expectNext("2000")
                .verifyComplete();
    }

    @Test
    void aSubscriberWhoseProcessIsGoneCancelsItsSource() {
        AsyncProcess.using(Command.shell("exec <&-; sleep 100"), process -> {
                    Flux<byte[]> source = Flux.<byte[]>generate(sink -> sink.next(new byte[8192]));
                    Mono<Void> cancelled =
                            Mono.create(sink -> source.doOnCancel(sink::success).subscribe(process.stdin()));
                    return cancelled;
                })
                .as(StepVerifier::create)
                .verifyComplete();
    }

    @Test
    void chunksAreRequestedOneAtATimeAndOnlyAsTheProcessReads() {
        AtomicInteger given = new AtomicInteger();
        Flux<byte[]> source = Flux.generate(sink -> {
            given.incrementAndGet();
            sink.next(new byte[16 << 10]);
        });
        AsyncProcess.using(Command.of("sleep", "100"), process -> {
                    Mono<Long> write = process.write(source);
                    Mono<Void> look = Mono.fromRunnable(() -> {
                        Leftovers.eventually("the pipe is full", () -> given.get() >= 5);
                        assertThat(given).hasValueLessThan(10);
                    });
                    return Mono.firstWithSignal(write.then(), look.subscribeOn(Schedulers.boundedElastic()));
                })
                .as(StepVerifier::create)
                .verifyComplete();
    }

    @Test
    void muchForAProcessThatReadsNothingIsEndedWithIt() {
        Command deaf = Command.of("sleep", "100").withInput(new byte[MUCH]);
        AsyncProcess.using(deaf, process -> {
                    Leftovers.eventually(
                            "the writer waits", () -> Workers.POOL.statistics().active() >= 1);
                    return Mono.just(process.pid());
                })
                .as(StepVerifier::create)
                .assertNext(pid -> assertThat(Leftovers.isRunning(pid)).isFalse())
                .verifyComplete();
    }

    @Test
    void aWriteThatIsCancelledLetsTheNextOneGo() {
        AsyncProcess.using(
                        Command.of("cat"),
                        process -> process.write(Flux.never())
                                .timeout(Duration.ofMillis(50), Mono.just(-1L))
                                .then(process.write("x"))
                                .then(process.closeStdin())
                                .then(process.stdoutLines().next()))
                .as(StepVerifier::create)
                .expectNext("x")
                .verifyComplete();
    }

    @Test
    void writesDoNotMix() {
        byte[] a = "a".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        byte[] b = "b".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        AsyncProcess.using(
                        Command.shell("fold -w 1 | uniq"),
                        process -> Mono.when(process.write(Flux.just(a, a)), process.write(Flux.just(b, b)))
                                .then(process.closeStdin())
                                .then(process.stdoutLines().collectList()))
                .as(StepVerifier::create)
                .assertNext(lines -> assertThat(lines).containsExactly("a", "b"))
                .verifyComplete();
    }

    @Test
    void toWriteAfterTheCloseIsAMistakeAndToCloseAgainIsNone() {
        AsyncProcess.using(
                        Command.of("sleep", "100"),
                        process ->
                                process.closeStdin().then(process.closeStdin()).then(process.write("x")))
                .as(StepVerifier::create)
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("stdin of sleep (1 argument) has been closed"));
    }

    @Test
    void theNumberTellsWhatWasNotTaken() {
        AsyncProcess.using(
                        Command.shell("exec <&-; sleep 100"),
                        process -> process.write(Flux.range(0, 10).map(i -> new byte[100_000])))
                .as(StepVerifier::create)
                .assertNext(count -> assertThat(count).isLessThan(1_000_000))
                .verifyComplete();
    }

    @Test
    void anErrorOfTheSourceIsTheWriters() {
        IllegalStateException broken = new IllegalStateException("broken");
        AsyncProcess.using(Command.of("cat"), process -> process.write(Mono.error(broken)))
                .as(StepVerifier::create)
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(broken));
    }
}
