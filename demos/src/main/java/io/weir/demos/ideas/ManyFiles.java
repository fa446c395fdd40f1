package io.weir.demos.ideas;

import io.weir.core.offload.Offload;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** A hundred files are written at once and read at once, and one that is missing is an outcome like the others. */
final class ManyFiles implements Demo {
    @Override
    public String name() {
        return "files";
    }

    @Override
    public String about() {
        return "many files at once, and one that is missing";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene(
                "a hundred files",
                Bracket.using(
                        Offload.blocking(() -> Files.createTempDirectory("weir-demo")),
                        folder -> play(stage, folder),
                        folder -> Offload.blocking(() -> delete(folder))));
    }

    private static Mono<Void> play(Stage stage, Path folder) {
        List<Path> files = IntStream.range(0, 100)
                .mapToObj(i -> folder.resolve("file-" + i))
                .toList();
        List<Path> andOneMore = Stream.concat(files.stream(), Stream.of(folder.resolve("missing")))
                .toList();
        return Gather.failFast(files.stream()
                        .map(file -> AsyncFiles.write(file, "I am " + file.getFileName()))
                        .toList())
                .map(sizes -> sizes.stream().mapToLong(Objects::requireNonNull).sum())
                .flatMap(bytes -> stage.saying("written: " + bytes + " bytes"))
                .then(Gather.settled(
                        16, andOneMore.stream().map(AsyncFiles::readString).toList()))
                .doOnNext(read -> {
                    stage.say("the first: " + told(read.get(0)));
                    stage.say("the last: " + told(read.get(100)));
                })
                .then();
    }

    private static String told(Outcome<String> outcome) {
        if (outcome instanceof Outcome.Success<String> success) {
            return success.value();
        }
        return outcome instanceof Outcome.Failure<String> failure
                ? failure.error().getClass().getSimpleName()
                : outcome.toString();
    }

    private static Path delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        return folder;
    }
}
