package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.weir.core.offload.Offload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Files that are not what they seem, or change while they are read. */
class FaultTest {
    private final Path folder;
    private final Path file;

    FaultTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("file");
    }

    static boolean makePipe(Path path) throws IOException {
        try {
            return new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Publisher<?>> reads(Path path) {
        Map<String, Publisher<?>> reads = new LinkedHashMap<>();
        reads.put("read", AsyncFiles.read(path).map(FaultTest::text).reduce(String::concat));
        reads.put("readAllBytes", AsyncFiles.readAllBytes(path).map(bytes -> new String(bytes, UTF_8)));
        reads.put("readString", AsyncFiles.readString(path));
        reads.put("lines", AsyncFiles.lines(path));
        reads.put(
                "open",
                AsyncFile.using(
                        path, OpenOptions.read(), open -> open.read(0, 100).map(FaultTest::text)));
        return reads;
    }

    private static Map<String, Publisher<?>> writes(Path path) {
        Map<String, Publisher<?>> writes = new LinkedHashMap<>();
        writes.put("write", AsyncFiles.write(path, "x"));
        writes.put("writeLines", AsyncFiles.writeLines(path, Flux.just("x")));
        writes.put("writeAtomically", AsyncFiles.writeAtomically(path, "x"));
        writes.put("append", AsyncFiles.append(path, "x"));
        writes.put("log", AppendLog.using(path, log -> log.append(new byte[1])));
        writes.put("open", AsyncFile.using(path, OpenOptions.readWrite(), open -> open.write(0, new byte[1])));
        writes.put(
                "copy",
                AsyncFiles.copy(
                        Path.of("/etc/passwd"), path, CopyOptions.defaults().replacing()));
        return writes;
    }

    private static String text(ByteBuf buffer) {
        String text = buffer.toString(UTF_8);
        buffer.release();
        return text;
    }

    private static void assertRefused(Map<String, Publisher<?>> operations, String reason) {
        operations.forEach((name, operation) -> StepVerifier.create(operation)
                .verifyErrorSatisfies(e -> assertThat(e)
                        .as(name)
                        .isInstanceOf(FileException.class)
                        .message()
                        .containsIgnoringCase(reason)));
    }

    @Test
    void aFolderIsNotWrittenTo() throws IOException {
        Files.createDirectory(file);
        Map<String, Publisher<?>> writes = writes(file);
        assertRefused(Map.of("copy", writes.remove("copy")), "does not replace a folder");
        assertRefused(Map.of("writeAtomically", writes.remove("writeAtomically")), "not a regular file");
        assertRefused(writes, "is a directory");
        assertThat(folder.toFile().list()).containsExactly("file");
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void aPathLongerThanTheSystemTakesIsToldAsSuch() {
        Path path = folder;
        for (int i = 0; i < 25; i++) {
            path = path.resolve("n".repeat(200));
        }
        assertRefused(reads(path), "name too long");
        assertRefused(writes(path), "name too long");
        assertRefused(
                Map.of(
                        "stat", AsyncFiles.stat(path),
                        "exists", AsyncFiles.exists(path),
                        "delete", AsyncFiles.delete(path),
                        "walk", FileTree.walk(path),
                        "tail", FileTail.lines(path, TailOptions.fromEnd()),
                        "watch", FileWatch.changes(path, WatchOptions.defaults())),
                "name too long");
    }

    @Test
    void aLinkThatLeadsToItselfIsToldAsSuch() throws IOException {
        Files.createSymbolicLink(file, file);
        assertRefused(reads(file), "too many levels of symbolic links");
        Map<String, Publisher<?>> writes = writes(file);
        // It replaces the file at the end of the links, which it looks for itself, as a copy replaces the link.
        assertRefused(Map.of("writeAtomically", writes.remove("writeAtomically")), "symbolic link");
        writes.remove("copy");
        assertRefused(writes, "too many levels of symbolic links");
    }

    @Test
    void aDeviceThatCannotBeReadSaysSoWithThePath() {
        Path memory = Path.of("/proc/self/mem");
        assumeTrue(Files.isReadable(memory), "no /proc here");
        // Nothing is mapped at address 0.
        reads(memory)
                .forEach((name, read) -> StepVerifier.create(read)
                        .verifyErrorSatisfies(e -> assertThat(e)
                                .as(name)
                                .isInstanceOfSatisfying(
                                        FileIoException.class,
                                        failure -> assertThat(failure.path()).isEqualTo(memory))
                                .hasMessageContaining("/proc/self/mem: Input/output error")));
        assertThat(OpenFiles.all()).doesNotContain(memory);
    }

    @Test
    void aDeviceWithoutRoomSaysSoWithThePath() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "no such device here");
        Map<String, Publisher<?>> writes = writes(full);
        writes.remove("copy"); // puts a file there
        assertRefused(Map.of("writeAtomically", writes.remove("writeAtomically")), "/dev/full: not a regular file");
        assertRefused(writes, "/dev/full: no space left on device");
    }

    @Test
    void namesOfAnyBytesAreFoundReadAndDeleted() throws Exception {
        // One byte after the other, which are no text in any charset; from a shell, since no String says them.
        String script = "i=1; while [ $i -lt 256 ]; do o=$(printf '\\\\%03o' $i); "
                + "[ $i = 47 ] || [ $i = 10 ] || printf content > \"n$(printf \"$o\")\"; i=$((i+1)); done";
        Process shell = new ProcessBuilder("sh", "-c", script)
                .directory(folder.toFile())
                .start();
        assumeTrue(shell.waitFor() == 0, "no such shell here");
        List<Path> found = FileTree.walk(folder)
                .filter(WalkEntry::isFile)
                .map(WalkEntry::path)
                .collectList()
                .block();
        assertThat(found).hasSize(253);
        for (Path path : found) {
            reads(path)
                    .forEach((name, read) -> StepVerifier.create(Flux.from(read).map(Object::toString))
                            .expectNext("content")
                            .verifyComplete());
        }
        StepVerifier.create(Flux.fromIterable(found).concatMap(path -> AsyncFiles.append(path, "!")))
                .expectNextCount(found.size())
                .verifyComplete();
        StepVerifier.create(Flux.fromIterable(found).concatMap(AsyncFiles::delete))
                .verifyComplete();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileOfUnknownSizeIsReadToItsEndByEveryRead() {
        Path status = Path.of("/proc/self/cmdline");
        assumeTrue(Files.isReadable(status), "no /proc here");
        reads(status)
                .forEach((name, read) -> StepVerifier.create(Flux.from(read).map(Object::toString))
                        .expectNextMatches(text -> text.contains("java"))
                        .verifyComplete());
        StepVerifier.create(AsyncFiles.copy(status, file))
                .expectNextMatches(size -> size > 10)
                .verifyComplete();
    }

    @Test
    void aPipeIsReadUntilItsWriterCloses() throws IOException {
        for (String read : List.of("read", "readAllBytes", "readString", "lines")) {
            Path pipe = folder.resolve(read);
            assumeTrue(makePipe(pipe), "no mkfifo here");
            Mono<Void> write =
                    Offload.blocking(() -> Files.writeString(pipe, "through")).then();
            StepVerifier.create(Flux.merge(write, Flux.from(reads(pipe).get(read)))
                            .map(whole -> whole instanceof byte[] bytes ? new String(bytes, UTF_8) : whole.toString()))
                    .expectNext("through")
                    .verifyComplete();
        }
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void aFileThatIsCutWhileItIsReadEndsThere() throws IOException {
        Files.writeString(file, "0123456789\n".repeat(10_000));
        ReadOptions small = ReadOptions.defaults().withChunkSize(11);
        StepVerifier.create(AsyncFiles.read(file, small).map(FaultTest::text), 2)
                .expectNextCount(2)
                .then(() -> overwrite(""))
                .thenRequest(10)
                .verifyComplete();
        Files.writeString(file, "0123456789\n".repeat(10_000));
        StepVerifier.create(AsyncFiles.lines(file, small), 2)
                .expectNextCount(2)
                .then(() -> overwrite("0123456789\n0123456789\n0"))
                .thenRequest(10)
                .expectNext("0")
                .verifyComplete();
        Files.writeString(file, "0123456789");
        StepVerifier.create(AsyncFile.using(
                        file,
                        OpenOptions.read(),
                        open -> open.read(0, 5)
                                .map(FaultTest::text)
                                .doOnNext(first -> overwrite("0123456"))
                                .flatMap(first -> open.read(5, 5).map(FaultTest::text))))
                .expectNext("56")
                .verifyComplete();
    }

    private void overwrite(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadStaysWhatItWas() throws IOException {
        Files.writeString(file, "old1\nold2\nold3\n");
        ReadOptions small = ReadOptions.defaults().withChunkSize(5);
        StepVerifier.create(AsyncFiles.lines(file, small), 1)
                .expectNext("old1")
                .then(this::replace)
                .thenRequest(10)
                .expectNext("old2", "old3")
                .verifyComplete();
        Files.writeString(file, "old1\nold2\n");
        StepVerifier.create(AsyncFiles.read(file, small).map(FaultTest::text), 1)
                .expectNext("old1\n")
                .then(this::replace)
                .thenRequest(10)
                .expectNext("old2\n")
                .verifyComplete();
        Files.writeString(file, "old1\nold2\n");
        StepVerifier.create(AsyncFile.using(
                        file,
                        OpenOptions.read(),
                        open -> Mono.fromRunnable(this::replace)
                                .then(open.read(5, 5))
                                .map(FaultTest::text)))
                .expectNext("old2\n")
                .verifyComplete();
        assertThat(file).hasContent("new");
        OpenFiles.assertNoneUnder(folder);
    }

    private void replace() {
        try {
            Path fresh = Files.writeString(folder.resolve("fresh"), "new");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
