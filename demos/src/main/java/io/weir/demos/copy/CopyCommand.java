package io.weir.demos.copy;

import io.weir.core.task.Periodic;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.demos.command.Use;
import io.weir.demos.command.UseFailedException;
import io.weir.files.CopyOptions;
import io.weir.files.FileTree;
import io.weir.files.TemporaryFiles;
import io.weir.files.TreeSummary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code weir demo copy}: copies a tree, several files at once, and then reads both again to prove that they are the same. */
@Command(
        name = "copy",
        usageHelpAutoWidth = true,
        header = "a tree of files, several at once, with progress, and proven equal",
        description = {
            "",
            "Without FROM and TO it makes a small tree in a temporary folder, copies it, and damages the copy to show"
                    + " that this is found.",
            ""
        },
        footer = {"", "Exit codes: 0 the copy is equal; 1 it is not, or could not be made; 2 bad usage."})
public final class CopyCommand extends Use {
    @Parameters(index = "0", arity = "0..1", paramLabel = "FROM", description = "A folder, or a file.")
    private @Nullable Path from;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TO", description = "What the copy is to be.")
    private @Nullable Path to;

    @Option(names = "--replace", description = "Lay the copy over what is there.")
    private boolean replace;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "8",
            description = "Work on N files at once. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    /** For picocli, which fills in the options. */
    public CopyCommand() {}

    @Override
    protected Mono<?> run() {
        require(concurrency >= 1 && concurrency <= 256, "--concurrency must be from 1 to 256, not " + concurrency);
        if (from == null) {
            return TemporaryFiles.usingFolder(this::sample);
        }
        if (to == null) {
            throw badUsage("TO is missing: what is the copy of " + from + " to be?");
        }
        return copy(from, to)
                .then(verify(from, to))
                .filter(differences -> !differences.isEmpty())
                .flatMap(some -> Mono.error(new UseFailedException(some.size() + " differences")));
    }

    /** A copy that is as it should be, and the same one after it was damaged. */
    private Mono<?> sample(Path folder) {
        Path source = folder.resolve("source");
        Path copy = folder.resolve("copy");
        return SampleTree.make(source)
                .then(copy(source, copy))
                .then(verify(source, copy))
                .then(SampleTree.damage(copy))
                .then(saying("damaged on purpose: one byte of " + SampleTree.VICTIM))
                .then(verify(source, copy));
    }

    private Mono<TreeSummary> copy(Path source, Path target) {
        CopyOptions options = CopyOptions.defaults().withAttributes().withConcurrency(concurrency);
        return watched("copy", FileTree.copy(source, target, replace ? options.replacing() : options))
                .doOnNext(copied -> say("copied: %d files, %d folders, %d links, %,d bytes"
                        .formatted(copied.files(), copied.folders(), copied.links(), copied.bytes())));
    }

    private Mono<List<Difference>> verify(Path source, Path target) {
        return watched("verify", new Verification(source, target, concurrency).run())
                .doOnNext(differences -> {
                    say(differences.isEmpty() ? "verified: the copy is equal" : "verified: the copy is NOT equal");
                    differences.forEach(difference -> say("  " + difference));
                });
    }

    /** Runs {@code work} as a task, and tells each second what it reports of itself; the sample's are over before that. */
    private <T> Mono<T> watched(String name, Mono<T> work) {
        return TaskGroup.using(group -> {
            Task<T> task = group.start(name, work);
            Duration second = Duration.ofSeconds(1);
            Task<Void> watch = group.start(
                    "watch",
                    from == null
                            ? Mono.empty()
                            : Periodic.every(second)
                                    .initialDelay(second)
                                    .run(() -> Mono.fromRunnable(() -> tellProgress(task))));
            return task.join().doFinally(end -> watch.cancel("there is nothing left to watch"));
        });
    }

    private void tellProgress(Task<?> task) {
        task.progress().ifPresent(so -> {
            err().printf("%s: %,d%s entries%n", task.name(), so.done(), so.total() < 0 ? "" : " of " + so.total());
            err().flush();
        });
    }
}
