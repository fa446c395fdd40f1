package io.weir.demos.copy;

import io.weir.core.task.Gather;
import io.weir.core.task.Task;
import io.weir.files.AsyncFiles;
import io.weir.files.FileException;
import io.weir.files.FileTree;
import io.weir.files.PathNotFoundException;
import io.weir.files.WalkEntry;
import io.weir.files.WalkOptions;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Reads a tree and its copy again, a bounded number of files at once, and tells where they differ: never trust, compare. */
final class Verification {
    private final Path source;
    private final Path copy;
    private final int concurrency;

    Verification(Path source, Path copy, int concurrency) {
        this.source = source;
        this.copy = copy;
        this.concurrency = concurrency;
    }

    /**
     * Emits all differences, in the order of the paths; an unreadable file is one. Inside a task it reports the entries compared. Only a root
     * that cannot be walked is an error. The entries of both trees are held in memory.
     */
    Mono<List<Difference>> run() {
        return Gather.failFast(
                        entries(source),
                        entries(copy),
                        (originals, copies) ->
                                compareAll(Objects.requireNonNull(originals), Objects.requireNonNull(copies)))
                .flatMap(differences -> differences);
    }

    private static Mono<List<WalkEntry>> entries(Path root) {
        return FileTree.walk(root, WalkOptions.defaults().sorted().withFailuresAsEntries())
                .collectList();
    }

    private Mono<List<Difference>> compareAll(List<WalkEntry> originals, List<WalkEntry> copies) {
        var known = originals.stream().map(entry -> below(source, entry)).collect(Collectors.toSet());
        var tooMany = copies.stream()
                .map(entry -> below(copy, entry))
                .filter(path -> !known.contains(path))
                .map(path -> new Difference(path, "is in the copy only"));
        return Mono.deferContextual(context -> {
            AtomicInteger done = new AtomicInteger();
            Runnable oneMore = () ->
                    Task.current(context).ifPresent(task -> task.report(done.incrementAndGet(), originals.size()));
            return Gather.failFast(
                            concurrency,
                            originals.stream()
                                    .map(entry -> compare(entry).doOnTerminate(oneMore))
                                    .toList())
                    .map(found -> Stream.concat(found.stream().filter(Objects::nonNull), tooMany)
                            .toList());
        });
    }

    /** Emits the difference, or nothing. */
    private Mono<Difference> compare(WalkEntry original) {
        Path path = below(source, original);
        Path twin = path.toString().isEmpty() ? copy : copy.resolve(path);
        return Mono.justOrEmpty(original.failure())
                .<Difference>flatMap(Mono::error)
                .switchIfEmpty(AsyncFiles.stat(twin, LinkOption.NOFOLLOW_LINKS)
                        .flatMap(there -> difference(original, there, twin))
                        .map(what -> new Difference(path, what)))
                .onErrorResume(PathNotFoundException.class, missing -> Mono.just(new Difference(path, "is missing")))
                .onErrorResume(
                        FileException.class,
                        error -> Mono.just(new Difference(path, "is unreadable: " + error.getMessage())));
    }

    /** Kind and size first: they cost no reading. */
    private static Mono<String> difference(WalkEntry original, BasicFileAttributes there, Path twin) {
        if (original.isFolder() != there.isDirectory()
                || original.isLink() != there.isSymbolicLink()
                || original.isFile() != there.isRegularFile()) {
            return Mono.just("is of another kind");
        }
        if (original.isLink()) {
            return same(AsyncFiles.readLink(original.path()), AsyncFiles.readLink(twin), "points elsewhere");
        }
        if (!original.isFile()) {
            return Mono.empty();
        }
        long size = original.attributes().size();
        return size == there.size()
                ? same(Sha256.of(original.path()), Sha256.of(twin), "has the same size and another content")
                : Mono.just("has " + there.size() + " bytes and not " + size);
    }

    private static <T> Mono<String> same(Mono<T> one, Mono<T> other, String otherwise) {
        return Gather.failFast(one, other, Objects::equals)
                .filter(equal -> !equal)
                .map(differ -> otherwise);
    }

    private static Path below(Path root, WalkEntry entry) {
        return root.relativize(entry.path());
    }
}
