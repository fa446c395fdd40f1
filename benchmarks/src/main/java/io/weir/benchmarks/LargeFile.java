package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One large file in the page cache and the place of another, which is not there when it is written or copied to: a file system
 * may send what replaces a file to the device at once, and then that is what one measures. The score is for the whole file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseParallelGC"})
public abstract class LargeFile {
    /** The file's size. */
    @Param("256")
    public int megabytes = 256;

    Path folder = Path.of("");
    Path large = Path.of("");
    Path target = Path.of("");

    @Setup(Level.Trial)
    public void writeLarge() throws IOException {
        folder = Files.createTempDirectory("weir-large");
        large = folder.resolve("large");
        target = folder.resolve("target");
        byte[] noise = new byte[1 << 20]; // zeros would be copied as holes
        new Random(1).nextBytes(noise);
        try (OutputStream content = Files.newOutputStream(large)) {
            for (int i = 0; i < megabytes; i++) {
                content.write(noise);
            }
        }
    }

    @Setup(Level.Invocation)
    public void forgetTarget() throws IOException {
        Files.deleteIfExists(target);
    }

    @TearDown(Level.Trial)
    public void deleteAll() throws IOException {
        Files.deleteIfExists(target);
        Files.delete(large);
        Files.delete(folder);
    }

    static int released(ByteBuf buffer) {
        int length = buffer.readableBytes();
        buffer.release();
        return length;
    }
}
