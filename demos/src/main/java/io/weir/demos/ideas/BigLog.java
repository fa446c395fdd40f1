package io.weir.demos.ideas;

import io.weir.core.offload.Offload;
import io.weir.core.sync.Bracket;
import io.weir.files.AsyncFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A log of half a million lines is written and read in one pass, of which a chunk at a time is in memory. */
final class BigLog implements Demo {
    private static final int LINES = 500_000;

    @Override
    public String name() {
        return "lines";
    }

    @Override
    public String about() {
        return "a big log, in one pass";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene(
                "half a million lines",
                Bracket.using(
                        Offload.blocking(() -> Files.createTempFile("weir-demo", ".log")),
                        log -> play(stage, log),
                        log -> Offload.blocking(() -> Files.deleteIfExists(log))));
    }

    private static Mono<Void> play(Stage stage, Path log) {
        Flux<String> lines =
                Flux.range(0, LINES).map(i -> i % 1000 == 7 ? i + " ERROR it broke" : i + " INFO all is well");
        return AsyncFiles.writeLines(log, lines)
                .flatMap(bytes -> stage.saying("written: " + bytes + " bytes"))
                .then(AsyncFiles.lines(log)
                        .filter(line -> line.contains("ERROR"))
                        .count())
                .flatMap(errors -> stage.saying("lines with errors: " + errors));
    }
}
