package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.TaskGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** How diagnostics are had without a line of code, and what operators of a service have of them. */
@Timeout(120)
class DebugPropertyTest {
    /** What the child runs: it drops a put, and asks for its own dump. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
            TaskGroup group = TaskGroup.open();
            group.start("the one that waits", queue.take());
            queue.put(1);
            if (!Diagnostics.isEnabled()) {
                return;
            }
            if (arguments.length > 0) {
                String self = Long.toString(ProcessHandle.current().pid());
                new ProcessBuilder("kill", "-" + arguments[0], self).start().waitFor();
            }
            for (int i = 0; i < 1000; i++) { // the parent ends it
                System.gc();
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static Process child(List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static BufferedReader output(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    }

    @Test
    void thePropertyEnables() throws Exception {
        Process child = child(List.of("-Dweir.debug=true"));
        try (BufferedReader lines = output(child)) {
            assertThat(lines.lines()
                            .anyMatch(line -> line.contains("Mono made by AsyncQueue.put at ")
                                    && line.contains("Child.main(DebugPropertyTest.java:")))
                    .isTrue();
        } finally {
            child.destroyForcibly();
        }
    }

    /** As of a runtime image that {@code jlink} has made small. */
    @Test
    void worksWithoutManagementAndSignals() throws Exception {
        List<String> small = List.of("--limit-modules", "java.base,java.logging");
        Process without = child(small);
        Process with = child(
                Stream.concat(small.stream(), Stream.of("-Dweir.debug=true")).toList());
        try (BufferedReader lines = output(with)) {
            assertThat(output(without).lines().toList()).isEmpty();
            assertThat(without.waitFor()).isZero();
            assertThat(lines.lines().anyMatch(line -> line.contains("was never subscribed")))
                    .isTrue();
        } finally {
            without.destroyForcibly();
            with.destroyForcibly();
        }
    }

    @Test
    void aSignalThatCannotBeHadIsToldAndBreaksNothing() throws Exception {
        Process child = child(
                List.of("--limit-modules", "java.base,java.logging", "-Dweir.debug=true", "-Dweir.debug.signal=USR2"));
        try {
            assertThat(output(child).lines().toList())
                    .anySatisfy(line -> assertThat(line).contains("weir.debug has no effect", "USR2"));
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aPartOfTheDumpThatFailsHidesNoOther() {
        Diagnostics.addDump("a broken one", () -> {
            throw new IllegalStateException("as it should");
        });
        Diagnostics.addDump("b", () -> "the other\n");
        assertThat(Diagnostics.dump()).contains("a broken one:\nfailed: ", "as it should", "b:\nthe other\n");
        Diagnostics.addDump("a broken one", () -> "");
        Diagnostics.addDump("b", () -> "");
    }

    @Test
    void nothingIsToldWithoutIt() throws Exception {
        Process child = child(List.of());
        try {
            assertThat(output(child).lines().toList())
                    .noneSatisfy(line -> assertThat(line).contains("never subscribed"));
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aWrongThresholdIsToldAndBreaksNothing() throws Exception {
        Process child = child(List.of("-Dweir.debug=true", "-Dweir.debug.threshold=0"));
        try {
            assertThat(output(child).lines().toList())
                    .anySatisfy(line -> assertThat(line).contains("weir.debug has no effect"));
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aSignalDumpsTheTasks() throws Exception {
        Process child = child(List.of("-Dweir.debug=true", "-Dweir.debug.signal=USR2"), "USR2");
        try (BufferedReader lines = output(child)) {
            assertThat(lines.lines().anyMatch(line -> line.contains("the one that waits")))
                    .isTrue();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theSignalThatTheJvmKeepsIsRefused() {
        assertThatThrownBy(
                        () -> Diagnostics.enable(DiagnosticsOptions.defaults().withDumpSignal("QUIT")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SIGQUIT");
        assertThat(Diagnostics.isEnabled()).isFalse();
    }

    @Test
    void theBeanStandsWhileItIsEnabled() throws Exception {
        ObjectName name = new ObjectName("io.weir:type=Diagnostics");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        TaskGroup group = TaskGroup.open();
        group.start("seen by jmx", Mono.never());
        Disposable handle = Diagnostics.enable();
        try {
            assertThat((String) server.invoke(name, "dump", new Object[0], new String[0]))
                    .contains("tasks:", "seen by jmx");
            assertThat((String[]) server.getAttribute(name, "Reports")).isEmpty();
        } finally {
            handle.dispose();
            group.cancel(null);
        }
        assertThat(server.isRegistered(name)).isFalse();
    }
}
