package io.weir.demos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.service.ReportService;
import io.weir.demos.service.ServiceLimits;
import io.weir.http.FetchClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** Ctrl-C, as a terminal sends it, to uses that would go on for ever. */
@DisabledOnOs(OS.WINDOWS)
@DisabledIf(
        value = "io.weir.demos.CtrlC#isIgnored",
        disabledReason = "SIGINT is ignored here, as in a job in the background")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UsesInterruptTest {
    @TempDir
    Path dir;

    @Test
    void serviceStopsAndTellsSo() throws IOException, InterruptedException {
        assertThat(interrupted(out -> out.readLine(), "demo", "service", "--port", "0"))
                .containsExactly("stopping", "stopped");
    }

    @Test
    void fetchThatWaitsIsGivenUp() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            assertThat(interrupted(out -> silent.accept(), "demo", "fetch", url))
                    .isEmpty();
        }
    }

    @Test
    void loadTellsWhatItHasMeasured() throws IOException, InterruptedException {
        ReportService service = requireNonNull(
                ReportService.start(0, new ServiceLimits(2, 100, 100, Duration.ofSeconds(60), Duration.ofSeconds(1)))
                        .block());
        try (FetchClient client = FetchClient.create()) {
            Mono<?> isUnderWay = client.fetch(service.url() + "/load")
                    .filter(load -> load.text().contains("\"active\":2,\"queued\":1"))
                    .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(10)));
            assertThat(interrupted(
                            out -> isUnderWay.block(Duration.ofSeconds(30)),
                            "demo",
                            "load",
                            service.url() + "/reports/200",
                            "--connections",
                            "3"))
                    .startsWith("closed loop: 3 connections");
        } finally {
            service.stop().block();
        }
    }

    private interface UnderWay {
        @Nullable
        Object await(BufferedReader out) throws IOException;
    }

    /** What is printed from Ctrl-C on. */
    private List<String> interrupted(UnderWay underWay, String... args) throws IOException, InterruptedException {
        Path err = dir.resolve("err");
        Process weir = weir(err, args);
        List<String> printed;
        try (BufferedReader out = weir.inputReader(StandardCharsets.UTF_8)) {
            underWay.await(out);
            new ProcessBuilder("kill", "-INT", Long.toString(weir.pid()))
                    .start()
                    .waitFor();
            printed = out.lines().toList();
            assertThat(weir.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            weir.destroyForcibly();
        }
        assertThat(weir.exitValue()).isEqualTo(130);
        // Later JDKs warn of Netty's native code; the jar's manifest asks them not to, and this is no jar.
        assertThat(Files.readAllLines(err))
                .filteredOn(line -> !line.startsWith("WARNING: ") && !line.isBlank())
                .isEmpty();
        return printed;
    }

    private static Process weir(Path err, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Weir.class.getName());
        builder.command().addAll(List.of(args));
        return builder.redirectError(err.toFile()).start();
    }
}
