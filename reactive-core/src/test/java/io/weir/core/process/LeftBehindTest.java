package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.test.StepVerifier;

/** What a process that has exited leaves in the background, its pipes in its hands. */
@EnabledOnOs(OS.LINUX)
class LeftBehindTest {
    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    @Test
    void itDoesNotHoldUpTheResult() {
        StepVerifier.create(AsyncProcess.run(Command.shell("sleep 100 & echo out; echo err >&2")))
                .assertNext(result -> {
                    assertThat(result.stdoutText()).isEqualTo("out\n");
                    assertThat(result.stderrText()).isEqualTo("err\n");
                    assertThat(result.exitCode()).isZero();
                    assertThat(Leftovers.running()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void itIsEndedWithTheScopeThoughNobodyHoldsAPipe() {
        Command daemon = Command.shell("setsid sh -c 'sleep 100 & sleep 100' <&- >/dev/null 2>&1 & echo started");
        StepVerifier.create(AsyncProcess.run(daemon))
                .assertNext(result -> {
                    assertThat(result.stdoutText()).isEqualTo("started\n");
                    assertThat(Leftovers.running()).isEmpty();
                })
                .verifyComplete();
    }

    @Test
    void aLastLineWithoutAnEndingIsToldAll() {
        StepVerifier.create(
                        AsyncProcess.usingMany(Command.shell("sleep 100 & printf 'a\\nb'"), AsyncProcess::stdoutLines))
                .expectNext("a", "b")
                .verifyComplete();
    }

    @Test
    void itMayFillThePipeForEver() {
        StepVerifier.create(AsyncProcess.run(Command.shell("yes & sleep 0.1").withOutputLimit(1000)))
                .verifyErrorSatisfies(e -> assertThat(e).isInstanceOf(ProcessOutputLimitException.class));
        assertThat(Leftovers.running()).isEmpty();
    }

    @Test
    void itMayHoldAnInputThatNobodyReads() {
        Command command = Command.shell("sleep 100 <&0 & exit 0").withInput(new byte[10 << 20]);
        StepVerifier.create(AsyncProcess.run(command))
                .assertNext(result -> assertThat(result.exitCode()).isZero())
                .verifyComplete();
        assertThat(Leftovers.running()).isEmpty();
    }

    @Test
    void itLivesOnWhereNobodyClosesTheProcess() {
        AsyncProcess process =
                Objects.requireNonNull(AsyncProcess.start(Command.shell("sleep 100 >/dev/null & echo $!"))
                        .block());
        long child = Long.parseLong(
                Objects.requireNonNull(process.stdoutLines().next().block()));
        process.exit().block();
        assertThat(Leftovers.isRunning(child)).isTrue();
        process.close().block();
        assertThat(Leftovers.isRunning(child)).isFalse();
    }

    @Test
    void theExitIsToldThoughAReadGoesOn() {
        StepVerifier.create(AsyncProcess.using(Command.shell("sleep 100 & exit 4"), process -> {
                    process.stdout().subscribe();
                    return process.exit().map(ExitStatus::code);
                }))
                .expectNext(4)
                .verifyComplete();
    }
}
