package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, as a terminal sends it, to uses that would go on for ever. */
@DisabledOnOs(OS.WINDOWS)
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
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            assertThat(interrupted(out -> silent.accept(), "demo", "fetch", url)).isEmpty();
        }
    }

    private interface UnderWay {
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
        assertThat(Files.readString(err)).isEmpty();
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
