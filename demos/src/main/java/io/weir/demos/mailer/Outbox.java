package io.weir.demos.mailer;

import io.weir.files.AsyncFiles;
import io.weir.files.FileTree;
import io.weir.files.WalkEntry;
import io.weir.files.WalkOptions;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A folder of messages to be sent, {@code *.eml}. A message is in one place at any time: in the folder itself, in {@code sent}, or in
 * {@code dead}. Write one elsewhere and move it here, or write it atomically, so that it is not sent half.
 */
final class Outbox {
    private static final WalkOptions MESSAGES =
            WalkOptions.defaults().withMaxDepth(1).sorted().including("*.eml");

    private final Path folder;

    Outbox(Path folder) {
        this.folder = folder;
    }

    Mono<Void> prepare() {
        return AsyncFiles.createFolders(folder.resolve("sent")).then(AsyncFiles.createFolders(folder.resolve("dead")));
    }

    /** Emits what waits to be sent, in the order of the names. */
    Flux<Path> waiting() {
        return FileTree.walk(folder, MESSAGES).filter(WalkEntry::isFile).map(WalkEntry::path);
    }

    Mono<Void> sent(Path message) {
        return AsyncFiles.moveReplacing(message, folder.resolve("sent").resolve(message.getFileName()));
    }

    /** Puts a message away, and beside it the reason. */
    Mono<Void> dead(Path message, String reason) {
        Path grave = folder.resolve("dead").resolve(message.getFileName());
        return AsyncFiles.writeAtomically(grave.resolveSibling(message.getFileName() + ".why"), reason + "\n")
                .then(AsyncFiles.moveReplacing(message, grave));
    }
}
