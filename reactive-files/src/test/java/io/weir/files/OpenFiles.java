package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Which files this process holds open. */
final class OpenFiles {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    static List<Path> under(Path folder) {
        return all().stream().filter(file -> file.startsWith(folder)).toList();
    }

    /** Those of no file have names of this kind. */
    static long count(String name) {
        return all().stream().filter(file -> file.endsWith(name)).count();
    }

    static List<Path> all() {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "no /proc here");
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : all) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException e) {
                    // closed meanwhile
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    /** A cancel has no answer: what it does is waited for. */
    static void assertNoneUnder(Path folder) {
        eventually(() -> under(folder).isEmpty());
        assertThat(under(folder)).isEmpty();
    }

    static void eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        boolean met = condition.getAsBoolean(); // asked once a round: it may be true now and false a moment later
        while (!met && System.nanoTime() < deadline) {
            LockSupport.parkNanos(100_000);
            met = condition.getAsBoolean();
        }
        assertThat(met).as("within 30 s").isTrue();
    }
}
