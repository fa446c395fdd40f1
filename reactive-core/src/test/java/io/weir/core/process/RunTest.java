package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@EnabledOnOs(OS.LINUX)
class RunTest {
    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    /** What Reactor loads with its first subscription, it must not load on a thread that is guarded. */
    @BeforeAll
    static void load() {
        run(Command.of("true"));
    }

    private static ProcessResult run(Command command) {
        return Objects.requireNonNull(AsyncProcess.run(command).block());
    }

    private static String output(Command command) {
        return run(command).requireSuccess().stdoutText();
    }

    @Nested
    class Result {
        @Test
        void hasTheStatusAndWhatWasWritten() {
            ProcessResult result = run(Command.shell("echo out; echo err >&2; exit 3"));
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.stdoutText()).isEqualTo("out\n");
            assertThat(result.stderrText()).isEqualTo("err\n");
            assertThat(result.pid()).isPositive();
            assertThat(result.status()).hasToString("3");
        }

        @Test
        void anotherStatusThanZeroIsAnErrorWhereThatIsAsked() {
            ProcessResult result = run(Command.shell("echo wrong >&2; exit 3"));
            assertThatThrownBy(result::requireSuccess)
                    .isExactlyInstanceOf(ProcessExitException.class)
                    .hasMessage("/bin/sh (3 arguments): it exited with 3: wrong")
                    .satisfies(e ->
                            assertThat(((ProcessExitException) e).stderrTail()).isEqualTo("wrong\n"));
            ProcessResult good = run(Command.of("true"));
            assertThat(good.requireSuccess()).isSameAs(good);
        }

        @Test
        void aSignalIsNamed() {
            ProcessResult result = run(Command.shell("kill -9 $$"));
            assertThat(result.status().signal()).contains("SIGKILL");
            assertThatThrownBy(result::requireSuccess)
                    .isInstanceOf(ProcessKilledException.class)
                    .hasMessage("/bin/sh (3 arguments): it was killed by a signal, 137 (SIGKILL)");
        }

        @Test
        void onlyTheEndOfStderrStandsInTheError() {
            ProcessResult result = run(Command.shell("yes wrong | head -c 100000 >&2; exit 1"));
            assertThatThrownBy(result::requireSuccess)
                    .satisfies(e ->
                            assertThat(((ProcessExitException) e).stderrTail()).hasSize(2048));
        }

        @Test
        void whatItPrintsAsTellsNoArgument() {
            Command command = Command.of("echo", "secret")
                    .withEnvironment("PASSWORD", "secret")
                    .withInput("secret");
            assertThat(command).hasToString("echo (1 argument)");
            assertThat(run(command)).asString().doesNotContain("secret");
        }
    }

    @Nested
    class HowItIsRun {
        @Test
        void argumentsReachTheProgramAsTheyAre() {
            Command command = Command.of("printf", "<%s>", "a b", "$HOME").withArguments("", "'\"\\", "ü");
            assertThat(output(command)).isEqualTo("<a b><$HOME><><'\"\\><ü>");
            assertThat(output(Command.shell("echo $1-$2", "a", "b"))).isEqualTo("a-b\n");
        }

        @Test
        void inItsDirectory() throws IOException {
            Command command = Command.of("pwd").withDirectory(folder);
            assertThat(output(command)).isEqualTo(folder.toRealPath() + "\n");
        }

        @Test
        void withItsEnvironment() {
            Command show = Command.shell("echo $A-$B-${HOME+home}")
                    .withEnvironment("A", "1")
                    .withEnvironment("B", "2");
            assertThat(output(show)).isEqualTo("1-2-home\n");
            assertThat(output(show.withoutEnvironment("B").withoutEnvironment("HOME")))
                    .isEqualTo("1--\n");
            assertThat(output(Command.of("/usr/bin/env").withCleanEnvironment().withEnvironment("A", "1")))
                    .isEqualTo("A=1\n");
        }

        @Test
        void errorsGoWhereOutputGoes() {
            ProcessResult result =
                    run(Command.shell("echo a; echo b >&2; echo c").withErrorsInOutput());
            assertThat(result.stdoutText()).isEqualTo("a\nb\nc\n");
            assertThat(result.stderr()).isEmpty();
        }

        @Test
        void aCommandIsNotChangedByItsCopies() {
            Command one = Command.of("echo", "1");
            Command two = one.withArguments("2").withEnvironment("A", "1");
            assertThat(one.arguments()).containsExactly("1");
            assertThat(two.arguments()).containsExactly("1", "2");
            assertThat(output(one)).isEqualTo("1\n");
        }

        @Test
        void eachSubscriptionRunsIt() throws IOException {
            Path file = folder.resolve("runs");
            Mono<ProcessResult> run = AsyncProcess.run(Command.shell("echo run >> " + file));
            assertThat(file).doesNotExist();
            run.then(run).block();
            assertThat(Files.readString(file)).isEqualTo("run\nrun\n");
        }
    }

    @Nested
    class Input {
        @Test
        void isClosedWhereThereIsNone() {
            assertThat(output(Command.of("cat"))).isEmpty();
        }

        @Test
        void isText() {
            assertThat(output(Command.of("cat").withInput("grün\n"))).isEqualTo("grün\n");
            Command latin = Command.of("cat").withCharset(StandardCharsets.ISO_8859_1);
            assertThat(run(latin.withInput("grün")).stdout()).hasSize(4);
        }

        @Test
        void isBytesOfAnySize() {
            byte[] big = new byte[3 << 20];
            new Random(1).nextBytes(big);
            assertThat(run(Command.of("cat").withInput(big)).stdout()).isEqualTo(big);
        }

        @Test
        void isAPublisher() {
            Flux<byte[]> lines = Flux.range(0, 1000).map(i -> (i + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(output(Command.of("wc", "-l").withInput(lines)).strip()).isEqualTo("1000");
        }

        @Test
        void isAFile() throws IOException {
            Path file = Files.writeString(folder.resolve("in"), "from a file");
            assertThat(output(Command.of("cat").withInput(file))).isEqualTo("from a file");
        }

        @Test
        void thatFailsIsTheErrorAndEndsTheProcess() {
            IllegalStateException broken = new IllegalStateException("broken");
            Flux<byte[]> source = Flux.just(new byte[1]).concatWith(Mono.error(broken));
            StepVerifier.create(AsyncProcess.run(
                            Command.shell("cat >/dev/null; sleep 100").withInput(source)))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(broken));
        }

        @Test
        void thatNobodyReadsIsNoError() {
            Command deaf = Command.of("true").withInput(new byte[10 << 20]);
            assertThat(run(deaf).exitCode()).isZero();
        }

        @Test
        void thatIsSilentIsGivenUpWithTheProcess() {
            AtomicBoolean cancelled = new AtomicBoolean();
            Command command = Command.of("true").withInput(Flux.<byte[]>never().doOnCancel(() -> cancelled.set(true)));
            assertThat(run(command).exitCode()).isZero();
            Leftovers.eventually("source is cancelled", cancelled::get);
        }
    }

    @Nested
    class Limit {
        @Test
        void isAllThatMayBeWritten() {
            Command command = Command.shell("head -c 1000 /dev/zero; head -c 999 /dev/zero >&2");
            assertThat(run(command.withOutputLimit(1000)).stdout()).hasSize(1000);
            StepVerifier.create(AsyncProcess.run(command.withOutputLimit(999)))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(ProcessOutputLimitException.class, limit -> {
                                assertThat(limit.limit()).isEqualTo(999);
                                assertThat(limit.setting()).isEqualTo("outputLimit");
                            }));
        }

        @Test
        void endsAProcessThatWritesForEver() {
            StepVerifier.create(AsyncProcess.run(Command.of("yes").withOutputLimit(100_000)))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(ProcessOutputLimitException.class)
                            .hasMessage("yes: stdout is over the limit of outputLimit, 100000 bytes"));
            assertThat(Leftovers.running()).isEmpty();
        }

        @Test
        void holdsForStderrToo() {
            StepVerifier.create(AsyncProcess.run(Command.shell("yes >&2").withOutputLimit(100_000)))
                    .verifyErrorSatisfies(e -> assertThat(((ProcessOutputLimitException) e).stream())
                            .isEqualTo("stderr"));
        }
    }

    @Nested
    class Lines {
        @Test
        void comeAndThenTheEnd() {
            StepVerifier.create(AsyncProcess.lines(Command.shell("echo a; echo b >&2; echo c")))
                    .expectNext("a", "c")
                    .verifyComplete();
        }

        @Test
        void comeBeforeTheErrorOfAnotherStatus() {
            StepVerifier.create(AsyncProcess.lines(Command.shell("echo a; echo wrong >&2; exit 2")))
                    .expectNext("a")
                    .verifyErrorSatisfies(
                            e -> assertThat(e).hasMessage("/bin/sh (3 arguments): it exited with 2: wrong"));
        }

        @Test
        void areNotHeldUpByMuchOnStderr() {
            StepVerifier.create(AsyncProcess.lines(Command.shell("head -c 1000000 /dev/zero >&2; echo done")))
                    .expectNext("done")
                    .verifyComplete();
        }

        @Test
        void areEnoughWhenSomebodySaysSo() {
            StepVerifier.create(AsyncProcess.lines(Command.of("yes")).take(3))
                    .expectNext("y", "y", "y")
                    .verifyComplete();
        }
    }

    @Test
    void nothingBlocksWhoSubscribes() { // under BlockHound
        Mono<String> run = AsyncProcess.run(Command.of("cat").withInput("x")).map(ProcessResult::stdoutText);
        StepVerifier.create(Mono.defer(() -> run).subscribeOn(Schedulers.parallel()))
                .expectNext("x")
                .verifyComplete();
        StepVerifier.create(AsyncProcess.lines(Command.of("yes"))
                        .publishOn(Schedulers.parallel(), 4)
                        .take(1000)
                        .count()
                        .subscribeOn(Schedulers.parallel()))
                .expectNext(1000L)
                .verifyComplete();
    }
}
