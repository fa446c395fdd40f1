package io.weir.demos.copy;

import io.weir.core.task.Gather;
import io.weir.files.AsyncFile;
import io.weir.files.AsyncFiles;
import io.weir.files.OpenOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** A small tree with what copies get wrong: empty files, links, one of them to nothing, and a file that is nearly all hole. */
final class SampleTree {
    static final Path VICTIM = Path.of("notes/note-07.txt");
    private static final long SPARSE = 16L << 20;

    private SampleTree() {}

    static Mono<Void> make(Path root) {
        List<Mono<Long>> notes = IntStream.range(0, 20)
                .mapToObj(i -> root.resolve("notes/note-%02d.txt".formatted(i)))
                .map(note -> AsyncFiles.write(note, (note.getFileName() + "\n").repeat(100)))
                .toList();
        List<Mono<?>> odd = List.of(
                AsyncFiles.write(root.resolve("empty"), ""),
                AsyncFiles.createSymbolicLink(root.resolve("first"), Path.of("notes/note-00.txt")),
                AsyncFiles.createSymbolicLink(root.resolve("nowhere"), Path.of("no such file")),
                AsyncFile.using(
                        root.resolve("sparse"), OpenOptions.readWrite().withCreateNew(), SampleTree::mostlyHole));
        return AsyncFiles.createFolders(root.resolve("notes"))
                .then(AsyncFiles.createFolders(root.resolve("empty folder")))
                .then(Gather.failFast(
                        8, Stream.concat(notes.stream(), odd.stream()).toList()))
                .then();
    }

    private static Mono<Long> mostlyHole(AsyncFile file) {
        return file.truncate(SPARSE).then(file.write(SPARSE / 2, "an island".getBytes(StandardCharsets.UTF_8)));
    }

    /** What a bad cable does: one byte is another, the size is as it was. */
    static Mono<Long> damage(Path copy) {
        return AsyncFile.using(copy.resolve(VICTIM), OpenOptions.readWrite(), file -> file.write(3, new byte[] {'#'}));
    }
}
