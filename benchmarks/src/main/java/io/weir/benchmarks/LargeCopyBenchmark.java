package io.weir.benchmarks;

import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;

/** A large file copied. */
public class LargeCopyBenchmark extends LargeFile {
    @Benchmark
    public @Nullable Object weir() {
        return AsyncFiles.copy(large, target).block();
    }

    @Benchmark
    public Path filesCopy() throws IOException {
        return Files.copy(large, target);
    }

    /** A process of its own, its start included. */
    @Benchmark
    public int cp() throws IOException, InterruptedException {
        int status = new ProcessBuilder("cp", large.toString(), target.toString())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("cp: " + status);
        }
        return status;
    }
}
