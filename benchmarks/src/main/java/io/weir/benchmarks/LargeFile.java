package io.weir.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One large file in the page cache and the place of another, which is not there when it is written or copied to: a file system
 * may send what replaces a file to the device at once, and then that is what one measures. The score is for the whole file.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public abstract class LargeFile extends FileFolder {
    /** The file's size. */
    @Param("256")
    public int megabytes = 256;

    Path large = Path.of("");
    Path target = Path.of("");

    @Override
    void fill() throws IOException {
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
}
