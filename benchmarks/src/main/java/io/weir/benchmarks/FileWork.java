package io.weir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/** Files, all in the page cache: many small ones, a large one, and one of lines. In the folder {@code java.io.tmpdir}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = {"-Xmx3g", "-XX:+UseParallelGC"})
public abstract class FileWork {
    static final int FILES = 20_000;
    static final int SMALL = 4 << 10;
    static final int AT_ONCE = 64;
    static final int LARGE = 256 << 20;
    static final int CHUNK = 64 << 10;
    static final int CHUNKS = LARGE / CHUNK;
    static final int READS = 50_000;
    static final int LINES = 1_000_000; // of 64 bytes
    static final String LINE = "0123456789abcdef".repeat(4).substring(1);

    Path folder = Path.of("");
    Path large = Path.of("");
    Path lines = Path.of("");
    Path target = Path.of("");
    List<Path> small = List.of();
    long[] positions = {};

    @Setup(Level.Trial)
    public void writeFiles() throws IOException {
        folder = Files.createTempDirectory("weir-files");
        byte[] noise = new byte[LARGE]; // zeros would be copied as holes
        new Random(1).nextBytes(noise);
        large = Files.write(folder.resolve("large"), noise);
        lines = Files.writeString(folder.resolve("lines"), (LINE + "\n").repeat(LINES));
        target = folder.resolve("target");
        small = IntStream.range(0, FILES).mapToObj(i -> folder.resolve("f" + i)).toList();
        for (Path file : small) {
            Files.write(file, new byte[SMALL]);
        }
        positions = new Random(1).longs(READS, 0, LARGE / SMALL).map(block -> block * SMALL).toArray();
    }

    @TearDown(Level.Trial)
    public void deleteFiles() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
