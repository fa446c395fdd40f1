package io.weir.benchmarks;

import io.weir.files.AsyncFiles;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Which engine Weir's files are on, asked for by those methods that are Weir's. */
@State(Scope.Benchmark)
public class FileEngine {
    @Param({"io_uring", "threads"})
    public String engine = "threads";

    /** Before the first file is asked for, which is when the engine is chosen. */
    @Setup(Level.Trial)
    public void choose() {
        System.setProperty("weir.files.engine", engine);
        if (!AsyncFiles.engine().equals(engine)) {
            throw new IllegalStateException("no " + engine + " here");
        }
    }
}
