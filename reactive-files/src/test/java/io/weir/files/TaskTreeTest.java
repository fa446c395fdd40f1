package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** What who looks at the task tree is told of files. */
class TaskTreeTest {
    private final Path folder;
    private final Path file;

    TaskTreeTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = Files.writeString(folder.resolve("file"), "x");
    }

    @Test
    void everyOperationIsThereWithItsPath() {
        Path other = folder.resolve("other");
        AppendLog log = AppendLog.of(folder.resolve("log"), AppendLogOptions.defaults());
        Map<String, Publisher<?>> operations = new LinkedHashMap<>();
        operations.put("read " + file, AsyncFiles.read(file));
        operations.put("readAllBytes " + file, AsyncFiles.readAllBytes(file));
        operations.put("readString " + file, AsyncFiles.readString(file));
        operations.put("lines " + file, AsyncFiles.lines(file));
        operations.put("write " + other, AsyncFiles.write(other, "x"));
        operations.put("writeLines " + other, AsyncFiles.writeLines(other, Flux.just("x")));
        operations.put("writeAtomically " + other, AsyncFiles.writeAtomically(other, "x"));
        operations.put("append " + other, AsyncFiles.append(other, "x"));
        operations.put("append " + folder.resolve("log"), log.append(new byte[1]));
        operations.put("copy " + file, AsyncFiles.copy(file, other));
        operations.put("stat " + file, AsyncFiles.stat(file));
        operations.put("delete " + file, AsyncFiles.delete(file));
        operations.put("open " + file, AsyncFile.open(file, OpenOptions.read()));
        operations.put("walk " + folder, FileTree.walk(folder));
        operations.put("deleteTree " + folder, FileTree.delete(folder));
        operations.put("tail " + file, FileTail.lines(file, TailOptions.fromEnd()));
        operations.put("watch " + folder, FileWatch.changes(folder, WatchOptions.defaults()));
        operations.forEach(
                (name, operation) -> assertThat(dumpDuring(unasked(operation))).contains("file " + name));
        assertThat(file).hasContent("x");
        assertThat(other).doesNotExist();
    }

    @Test
    void aCopyTellsHowFarItHasCome() throws IOException {
        Files.write(file, new byte[3 << 20]);
        Task<?> task = TaskGroup.using(group -> {
                    Task<Long> copy = group.start("copy", AsyncFiles.copy(file, folder.resolve("copy")));
                    return copy.join().thenReturn(copy);
                })
                .block();
        assertThat(task.progress()).hasValueSatisfying(progress -> {
            assertThat(progress.done()).isEqualTo(3 << 20);
            assertThat(progress.total()).isEqualTo(3 << 20);
        });
    }

    private static String dumpDuring(Mono<?> operation) {
        return TaskGroup.using(group -> {
                    Task<?> task = group.start("operation", operation);
                    String dump = TaskTree.dump();
                    task.cancel("seen");
                    return Mono.just(dump);
                })
                .block();
    }

    /** Subscribed to, and never asked for anything. */
    private static <T> Mono<Void> unasked(Publisher<T> operation) {
        return Flux.<T>from(operation)
                .transform(Operators.<T, T>lift((source, actual) -> new Unasked<>(actual)))
                .then();
    }

    private static final class Unasked<T> implements CoreSubscriber<T>, Subscription, Scannable {
        private final CoreSubscriber<? super T> actual;
        private @Nullable Subscription upstream;

        Unasked(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T element) {
            throw new AssertionError(element);
        }

        @Override
        public void onError(Throwable t) {
            actual.onError(t);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            Subscription s = upstream;
            if (s != null) {
                s.cancel();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.PARENT ? upstream : null;
        }
    }
}
