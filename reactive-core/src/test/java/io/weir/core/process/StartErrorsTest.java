package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

@EnabledOnOs(OS.LINUX)
class StartErrorsTest {
    @TempDir
    private Path folder;

    @AfterEach
    void nothingIsLeft() {
        Leftovers.none();
    }

    private static void assertFails(Command command, Class<? extends ProcessException> expected) {
        long before = Leftovers.descriptors();
        StepVerifier.create(AsyncProcess.run(command))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isExactlyInstanceOf(expected)
                        .satisfies(error -> assertThat(
                                        ((ProcessException) error).command().program())
                                .isEqualTo(command.program())));
        Leftovers.eventually("pipes are closed", () -> Leftovers.descriptors() <= before);
    }

    @Test
    void noSuchProgram() {
        assertFails(Command.of("weir-no-such-program", "secret"), ProcessNotFoundException.class);
        assertFails(Command.of(folder.resolve("missing").toString()), ProcessNotFoundException.class);
    }

    @Test
    void noSuchInterpreter() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertFails(Command.of(script.toString()), ProcessNotFoundException.class);
    }

    @Test
    void notExecutable() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
        assertFails(Command.of(script.toString()), ProcessAccessException.class);
        assertFails(Command.of(folder.toString()), ProcessAccessException.class);
    }

    @Test
    void noSuchDirectory() throws IOException {
        assertFails(Command.of("true").withDirectory(folder.resolve("missing")), ProcessDirectoryException.class);
        Path file = Files.writeString(folder.resolve("file"), "");
        assertFails(Command.of("true").withDirectory(file), ProcessDirectoryException.class);
    }

    @Test
    void noSuchInputFile() {
        assertFails(Command.of("cat").withInput(folder.resolve("missing")), ProcessIoException.class);
    }

    @Test
    void argumentsThatAreTooLong() {
        assertFails(Command.of("true", "x".repeat(4 << 20)), ProcessIoException.class);
    }

    @Test
    void whatIsWrongFromTheOutsetIsToldAtOnce() {
        assertThatThrownBy(() -> Command.of("")).isInstanceOf(IllegalArgumentException.class);
        Command command = Command.of("true");
        assertThatThrownBy(() -> command.withArguments("a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withEnvironment("A=B", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withEnvironment("A", "\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withEnvironment("", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withGrace(Duration.ofHours(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withMaxLineLength(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> command.withOutputLimit(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneMoreThanMayRunIsRefused() {
        int taken = 0;
        try {
            while (taken < 256) {
                Workers.enter();
                taken++;
            }
            StepVerifier.create(AsyncProcess.run(Command.of("true")))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    ProcessRejectedException.class,
                                    full -> assertThat(full.limit()).isEqualTo(256)));
        } finally {
            while (taken-- > 0) {
                Workers.leave();
            }
        }
        assertThat(AsyncProcess.run(Command.of("true")).block()).isNotNull();
    }
}
