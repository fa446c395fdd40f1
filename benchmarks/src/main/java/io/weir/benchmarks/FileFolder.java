package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A folder of its own in {@code java.io.tmpdir}, and how to have the page cache forget what is in it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+UseParallelGC"})
public abstract class FileFolder {
    // The JDK has no call for it.
    private static final String FORGET = """
            import os, sys
            for entry in os.scandir(sys.argv[1]):
                descriptor = os.open(entry.path, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)
            """;

    Path folder = Path.of("");

    /** Makes the folder, then what is in it. */
    @Setup(Level.Trial)
    public void makeFolder() throws IOException, InterruptedException {
        folder = Files.createTempDirectory("weir-files");
        fill();
        run("sync", "--file-system", folder.toString()); // what has not been written yet is not forgotten
    }

    /** Writes the files. Not a {@code @Setup} of its own: JMH sorts those by name. */
    abstract void fill() throws IOException;

    @TearDown(Level.Trial)
    public void deleteFolder() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Has the page cache forget what the files hold; names and attributes stay known. */
    final void forget() throws IOException, InterruptedException {
        run("python3", "-c", FORGET, folder.toString());
    }

    static int released(ByteBuf buffer) {
        int length = buffer.readableBytes();
        buffer.release();
        return length;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException(String.join(" ", command));
        }
    }
}
