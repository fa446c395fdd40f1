package io.weir.benchmarks;

import io.weir.files.AsyncFile;
import io.weir.files.AsyncFiles;
import io.weir.files.CopyOptions;
import io.weir.files.FileTree;
import io.weir.files.OpenOptions;
import io.weir.files.WalkEntry;
import io.weir.files.WalkOptions;
import java.nio.file.Path;
import java.util.Random;
import reactor.core.publisher.Flux;

/** One piece of work with files, in a process of its own, which {@code file_peers.py} times: Weir's half. */
public final class FileRun {
    private static final int AT_ONCE = 64;
    private static final int READS = 20_000;
    private static final int BLOCK = 4 << 10;

    private FileRun() {}

    /** Takes the work, the folder with the files, and prints how many bytes or lines that was. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        Path large = folder.resolve("large");
        System.out.println(
                switch (arguments[0]) {
                    case "small" ->
                        FileTree.walk(folder.resolve("small"), WalkOptions.defaults())
                                .filter(WalkEntry::isFile)
                                .flatMap(entry -> AsyncFiles.readAllBytes(entry.path()), AT_ONCE, 1)
                                .reduce(0L, (sum, bytes) -> sum + bytes.length)
                                .block();
                    case "read" ->
                        AsyncFiles.read(large)
                                .reduce(0L, (sum, chunk) -> sum + FileFolder.released(chunk))
                                .block();
                    case "random" -> random(large);
                    case "lines" ->
                        AsyncFiles.lines(folder.resolve("lines")).count().block();
                    case "copy" ->
                        AsyncFiles.copy(
                                        large,
                                        folder.resolve("copy"),
                                        CopyOptions.defaults().replacing())
                                .block();
                    default -> throw new IllegalArgumentException(arguments[0]);
                });
    }

    private static Long random(Path large) {
        Random random = new Random(1);
        return AsyncFile.using(
                        large,
                        OpenOptions.read(),
                        file -> file.size()
                                .flatMap(size -> Flux.range(0, READS)
                                        .map(i -> (long) random.nextInt((int) (size / BLOCK)) * BLOCK)
                                        .flatMap(at -> file.read(at, BLOCK), AT_ONCE, 1)
                                        .reduce(0L, (sum, read) -> sum + FileFolder.released(read))))
                .block();
    }
}
