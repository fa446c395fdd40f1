package io.weir.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.TaskTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What must not be left behind, and waiting for what happens in other processes. */
final class Leftovers {
    private Leftovers() {}

    static void eventually(String what, BooleanSupplier condition) {
        // Not by a Reactor timer, which a test in virtual time would not get on.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** No process of this JVM runs, none has a place or a task, and no thread waits in a pipe. */
    static void none() {
        eventually("places are free", () -> Workers.running() == 0);
        eventually("task tree is empty", () -> TaskTree.snapshot().isEmpty());
        eventually("workers are idle", () -> Workers.POOL.statistics().active() == 0);
        eventually("no process is left: " + running(), () -> running().isEmpty());
    }

    static boolean isRunning(long pid) {
        return running().contains(pid);
    }

    /** Those that descend from this JVM, and those that bear one of its marks; without zombies. */
    static List<Long> running() {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(each -> each.getFileName().toString().matches("[0-9]+"))
                    .filter(Leftovers::isOurs)
                    .map(each -> Long.parseLong(each.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path process) {
        long self = ProcessHandle.current().pid();
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (words[0].equals("Z")) {
                return false;
            }
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return Long.parseLong(words[1]) == self || environment.contains(ProcessTree.MARK + "=" + self + "-");
        } catch (IOException e) {
            return false; // gone, or another user's
        }
    }

    /** How many files and pipes this JVM has open. */
    static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
