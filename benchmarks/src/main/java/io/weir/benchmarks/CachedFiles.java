package io.weir.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Files that are in the page cache, or are not. */
public abstract class CachedFiles extends FileFolder {
    /** Whether what the files hold is in the page cache. */
    @Param({"warm", "cold"})
    public String cache = "warm";

    @Setup(Level.Invocation)
    public void forgetIfCold() throws IOException, InterruptedException {
        if (cache.equals("cold")) {
            forget();
        }
    }
}
