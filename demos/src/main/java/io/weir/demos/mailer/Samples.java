package io.weir.demos.mailer;

import io.weir.files.AsyncFiles;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Messages for the demo: good ones, one that has to be sent twice, one to nobody, and one that is none. */
final class Samples {
    static final int MORNING = 6;
    static final int EVENING = 2;

    private Samples() {}

    static Mono<Void> morning(Path outbox) {
        return Flux.just("anna", "later", "bert", "nobody", "carla")
                .index()
                .concatMap(
                        to -> put(outbox, "1" + to.getT1() + "-" + to.getT2(), "To: " + to.getT2() + "@example.org\n"))
                .then(put(outbox, "19-poison", "What is this?\n"));
    }

    static Mono<Void> evening(Path outbox) {
        return Flux.just("doris", "emil")
                .index()
                .concatMap(
                        to -> put(outbox, "2" + to.getT1() + "-" + to.getT2(), "To: " + to.getT2() + "@example.org\n"))
                .then();
    }

    private static Mono<Void> put(Path outbox, String name, String header) {
        String message = "From: weir@example.org\n" + header + "Subject: hello\n\nHow are you?\n";
        return AsyncFiles.writeAtomically(outbox.resolve(name + ".eml"), message)
                .then();
    }
}
