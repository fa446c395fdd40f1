package io.weir.files;

import io.weir.core.sync.Bracket;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Files and folders for the time of one use, gone after it, however it ends: with a value, an error or a cancel.
 *
 * <pre>{@code
 * Mono<Long> lines = TemporaryFiles.using(
 *         file -> AsyncFiles.write(file, buffers).thenMany(AsyncFiles.lines(file)).count());
 * }</pre>
 *
 * <p>What a cancelled operation on them is still doing when they are deleted fails, and leaves nothing behind. A process that is
 * killed leaves them, with the name {@code .weir-*.tmp}.
 */
public final class TemporaryFiles {
    private static final FileAttribute<?>[] PRIVATE =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                    }
                    : new FileAttribute<?>[0];

    private TemporaryFiles() {}

    /**
     * Runs {@code use} with a new empty file, in a folder of its own in the system's folder for temporary files.
     *
     * <p>Emits what {@code use} emits, once the file is deleted. The file is created with the first request, and {@code use} run,
     * on a worker. A cancel cancels {@code use} and deletes the file. Errors are those of {@code use}, with one of the deletion
     * suppressed on it, and {@link FileException}s of the creation or the deletion.
     *
     * @param use what to do with the file; it may move it away
     * @param <T> the result
     * @return the result
     */
    public static <T> Mono<T> using(Function<? super Path, ? extends Mono<? extends T>> use) {
        return scoped("temporaryFile", folder -> Files.createFile(folder.resolve("file")), use);
    }

    /**
     * Runs {@code use} with a new empty folder, which nobody else may enter, as {@link #using} does with a file. All that is in
     * it is deleted too.
     *
     * @param use what to do with the folder
     * @param <T> the result
     * @return the result
     */
    public static <T> Mono<T> usingFolder(Function<? super Path, ? extends Mono<? extends T>> use) {
        return scoped("temporaryFolder", folder -> folder, use);
    }

    private interface Content {
        Path in(Path folder) throws IOException;
    }

    private static <T> Mono<T> scoped(
            String name, Content content, Function<? super Path, ? extends Mono<? extends T>> use) {
        return Bracket.using(
                Mono.fromSupplier(() -> scratch(name)),
                scratch -> Stepped.<Path>once(operation(name, scratch), () -> {
                            scratch.create(PRIVATE);
                            return content.in(scratch.path());
                        })
                        .flatMap(use),
                Scratch::release);
    }

    private static Scratch scratch(String name) {
        Path path = Path.of(System.getProperty("java.io.tmpdir"), Placement.temporaryName())
                .toAbsolutePath();
        return new Scratch(new FileOperation(name, path), path);
    }

    private static FileOperation operation(String name, Scratch scratch) {
        return new FileOperation(name, scratch.path());
    }
}
