package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@EnabledOnOs(OS.LINUX)
class OutputTest {
    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    private static Flux<String> lines(Command command) {
        return AsyncProcess.usingMany(command, AsyncProcess::stdoutLines);
    }

    private static Flux<String> linesOf(byte[]... chunks) {
        Lines lines = new Lines(Command.of("test"), "stdout");
        List<String> all = new ArrayList<>();
        for (byte[] chunk : chunks) {
            lines.received(chunk, chunk.length);
            for (String next = lines.next(); next != null; next = lines.next()) {
                all.add(next);
            }
        }
        lines.end();
        for (String next = lines.next(); next != null; next = lines.next()) {
            all.add(next);
        }
        return Flux.fromIterable(all);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Nested
    class LinesAre {
        @Test
        void endedByLfCrAndCrLf() {
            StepVerifier.create(lines(Command.of("printf", "a\\nb\\rc\\r\\n\\n\\r\\nd")))
                    .expectNext("a", "b", "c", "", "", "d")
                    .verifyComplete();
        }

        @Test
        void theSameWhereverTheReadsCutThem() {
            byte[] text = bytes("ü\r\n\r\nüber\rx\ny€𝄞z");
            List<String> whole = linesOf(text).collectList().block();
            assertThat(whole).containsExactly("ü", "", "über", "x", "y€𝄞z");
            for (int cut = 0; cut <= text.length; cut++) {
                byte[] first = Arrays.copyOf(text, cut);
                byte[] second = Arrays.copyOfRange(text, cut, text.length);
                assertThat(linesOf(first, second).collectList().block()).isEqualTo(whole);
            }
        }

        @Test
        void readInTheCharsetAndWhatIsMalformedIsReplaced() {
            StepVerifier.create(lines(Command.of("printf", "\\344\\nx\\377")))
                    .expectNext("\uFFFD", "x\uFFFD")
                    .verifyComplete();
            StepVerifier.create(lines(Command.of("printf", "\\344\\n").withCharset(StandardCharsets.ISO_8859_1)))
                    .expectNext("ä")
                    .verifyComplete();
            StepVerifier.create(lines(Command.of("printf", "\\0a\\n\\0\\0b").withCharset(StandardCharsets.UTF_16LE)))
                    .expectNextCount(1)
                    .thenConsumeWhile(line -> true)
                    .verifyComplete();
        }

        @Test
        void notLongerThanAllowed() {
            Command command = Command.shell("echo 12345; echo 123456; echo").withMaxLineLength(5);
            StepVerifier.create(lines(command))
                    .expectNext("12345")
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(ProcessLineTooLongException.class, tooLong -> {
                                assertThat(tooLong.limit()).isEqualTo(5);
                                assertThat(tooLong.stream()).isEqualTo("stdout");
                                assertThat(tooLong.setting()).isEqualTo("maxLineLength");
                            }));
            StepVerifier.create(lines(Command.shell("tr '\\0' x < /dev/zero")))
                    .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(ProcessLineTooLongException.class));
        }
    }

    @Nested
    class Backpressure {
        @Test
        void aProcessThatIsNotReadWaits() throws IOException {
            Path progress = folder.resolve("progress");
            // Each round writes a page; one line into a file tells how far it has come.
            Command command = Command.shell(
                    "i=0; while [ $i -lt 100 ]; do head -c 4096 /dev/zero; i=$((i+1)); echo $i >> \"$1\"; done",
                    progress.toString());
            AsyncProcess.usingMany(command, process -> {
                        BaseSubscriber<byte[]> reader = new BaseSubscriber<>() {
                            @Override
                            protected void hookOnSubscribe(Subscription subscription) {
                                // asks for nothing yet
                            }
                        };
                        process.stdout().subscribe(reader);
                        return Mono.fromRunnable(() -> {
                                    Leftovers.eventually("the pipe is full", () -> rounds(progress) >= 15);
                                    assertThat(rounds(progress)).isLessThan(20); // 16 pages fill a pipe
                                    reader.requestUnbounded();
                                })
                                .then(process.exit())
                                .doOnNext(status -> assertThat(rounds(progress)).isEqualTo(100));
                    })
                    .blockLast();
        }

        private long rounds(Path progress) {
            try {
                return Files.exists(progress)
                        ? Files.readString(progress).lines().count()
                        : 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void noThreadIsTakenWithoutDemand() {
            AsyncProcess.using(Command.of("yes"), process -> {
                        StepVerifier.create(process.stdoutLines(), 1)
                                .expectNext("y")
                                .then(() -> Leftovers.eventually(
                                        "only this body has a thread",
                                        () -> Workers.POOL.statistics().active() <= 1))
                                .thenRequest(2)
                                .expectNext("y", "y")
                                .thenCancel()
                                .verify();
                        return Mono.empty();
                    })
                    .block();
        }
    }

    @Nested
    class TheEnd {
        @Test
        void ofStdoutIsToldThoughTheProcessLives() {
            AsyncProcess.using(
                            Command.shell("echo a; exec >&- 2>&-; sleep 100"),
                            process -> process.stdoutLines().collectList().doOnNext(lines -> {
                                assertThat(lines).containsExactly("a");
                                assertThat(process.isAlive()).isTrue();
                            }))
                    .block();
        }

        @Test
        void ofASubscriberBringsTheProcessASigpipe() {
            ExitStatus status = AsyncProcess.using(
                            Command.of("yes"),
                            process -> process.stdoutLines().take(5).then(process.exit()))
                    .block();
            assertThat(status).hasToString("141 (SIGPIPE)");
        }

        @Test
        void comesAfterAllOfTheOutput() {
            StepVerifier.create(lines(Command.of("seq", "200000")).count())
                    .expectNext(200_000L)
                    .verifyComplete();
        }

        @Test
        void leavesWhatWasWrittenToBeReadLater() {
            AsyncProcess.using(
                            Command.of("echo", "late"),
                            process -> process.exit().then(process.stdoutLines().next()))
                    .as(StepVerifier::create)
                    .expectNext("late")
                    .verifyComplete();
        }
    }

    @Test
    void aStreamHasOneSubscriber() {
        AsyncProcess.using(
                        Command.of("echo", "x"),
                        process -> process.stdout().then(process.stdoutLines().collectList()))
                .as(StepVerifier::create)
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("stdout of echo (1 argument)"));
    }

    @Test
    void stdoutAndStderrAreReadAtOnce() {
        Command command = Command.shell("head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2; echo end");
        AsyncProcess.using(
                        command,
                        process -> Mono.zip(
                                process.stdout().reduce(0, (sum, chunk) -> sum + chunk.length),
                                process.stderr().reduce(0, (sum, chunk) -> sum + chunk.length)))
                .as(StepVerifier::create)
                .assertNext(sizes -> {
                    assertThat(sizes.getT1()).isEqualTo(500_004);
                    assertThat(sizes.getT2()).isEqualTo(500_000);
                })
                .verifyComplete();
    }

    @Test
    void aSubscriberThatThrowsHarmsNobodyElse() {
        Hooks.onErrorDropped(e -> {});
        try {
            AsyncProcess.using(Command.of("yes"), process -> {
                        process.stdout().subscribe(new BaseSubscriber<>() {
                            @Override
                            protected void hookOnNext(byte[] value) {
                                throw new IllegalStateException("thrown");
                            }

                            @Override
                            protected void hookOnError(Throwable error) {
                                // it is known
                            }
                        });
                        return process.exit();
                    })
                    .as(StepVerifier::create)
                    .assertNext(status -> assertThat(status).hasToString("141 (SIGPIPE)"))
                    .verifyComplete();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void theStreamTellsWhatItIs() {
        AsyncProcess.using(Command.of("/bin/cat"), process -> {
                    Scannable stream = Scannable.from(process.stdoutLines());
                    assertThat(stream.scanUnsafe(Scannable.Attr.NAME))
                            .isEqualTo("process.stdout cat [" + process.pid() + "]");
                    assertThat(process).hasToString("AsyncProcess[cat [" + process.pid() + "]]");
                    return Mono.empty();
                })
                .block();
    }
}
