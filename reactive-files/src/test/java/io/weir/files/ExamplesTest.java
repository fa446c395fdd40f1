package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.testing.Examples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The examples of the package's description, as they stand there, and the error tree it draws. */
class ExamplesTest {
    private final Path folder;

    ExamplesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @TestFactory
    Stream<DynamicTest> everyExampleInJavadocStandsInATest() {
        return Examples.inJavadocOf(Path.of(""));
    }

    @Test
    void readingAFileAsAStreamOfLinesAndWritingOne() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), "ok\n ERROR 1\nok\nERROR 2");
        Path source = log;
        Path target = folder.resolve("target");

        Mono<Long> errors =
                AsyncFiles.lines(log).filter(line -> line.contains("ERROR")).count();

        Mono<Long> copied =
                AsyncFiles.writeLines(target, AsyncFiles.lines(source).map(String::strip));

        StepVerifier.create(errors).expectNext(2L).verifyComplete();
        StepVerifier.create(copied).expectNext(22L).verifyComplete();
        assertThat(target).hasContent("ok\nERROR 1\nok\nERROR 2\n");
    }

    @Test
    void followingALog() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), "ERROR 0\n");

        Flux<String> errors = FileTail.lines(log, TailOptions.fromEnd()).filter(line -> line.contains("ERROR"));

        // Again and again: that the tail has begun cannot be seen from here.
        Flux<Long> appends = Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .concatMap(i -> AsyncFiles.append(log, "ERROR 1\n"));
        StepVerifier.create(errors.takeUntilOther(appends.then()).next())
                .expectNext("ERROR 1")
                .verifyComplete();
    }

    @Test
    void watchingAnInbox() throws IOException {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));

        Flux<Path> arrived = FileWatch.changes(inbox, WatchOptions.defaults())
                .filter(event -> event.kind() == FileEvent.Kind.CREATED)
                .map(FileEvent::path);

        // Again and again: that the watch has begun cannot be seen from here.
        Flux<Long> writes = Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .concatMap(i -> AsyncFiles.write(inbox.resolve("file" + i), "x"));
        StepVerifier.create(arrived.takeUntilOther(writes.then()).next())
                .assertNext(path -> assertThat(path.getFileName().toString()).startsWith("file"))
                .verifyComplete();
    }

    @Test
    void replacingAFileWhole() throws IOException {
        Path config = Files.writeString(folder.resolve("config"), "{\"old\":true}");
        String json = "{}";

        Mono<Long> saved = AsyncFiles.writeAtomically(config, json);

        StepVerifier.create(saved).expectNext(2L).verifyComplete();
        assertThat(config).hasContent("{}");
    }

    @Test
    void aLineThatIsNoJsonIsToldByItsNumber() throws IOException {
        record Order(String name) {
            static Order parse(String line, long number) {
                if (!line.startsWith("{") || !line.endsWith("}")) {
                    throw new IllegalArgumentException("no JSON in line " + number + ": " + line);
                }
                return new Order(line);
            }
        }
        int many = 100_000; // some megabytes, so that lines are cut by the reads
        String json = "{\"name\":\"an order like any other\"}\n";
        Path ndjson = Files.writeString(
                folder.resolve("orders"), json.repeat(many) + "{\"name\":\"cut\n" + json.repeat(many));

        Flux<Order> orders = AsyncFiles.lines(ndjson).index((before, line) -> Order.parse(line, before + 1));

        StepVerifier.create(orders).expectNextCount(many).verifyErrorMessage("no JSON in line 100001: {\"name\":\"cut");
        byte[] spoilt = Files.readAllBytes(ndjson);
        int at = json.length() * many + 3;
        spoilt[at] = (byte) 0xFF;
        Files.write(ndjson, spoilt);
        StepVerifier.create(AsyncFiles.lines(ndjson))
                .expectNextCount(many)
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                MalformedTextException.class,
                                malformed -> assertThat(malformed.offset()).isEqualTo(at)));
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void manyAppendsShareOneForce() {
        record Order(String name) {
            byte[] toBytes() {
                return (name + "\n").getBytes(StandardCharsets.UTF_8);
            }
        }
        Path journal = folder.resolve("journal");
        Flux<Order> orders = Flux.just(new Order("a"), new Order("b"));

        Mono<Long> sold = AppendLog.using(
                journal,
                log -> orders.flatMap(order -> log.append(order.toBytes()), 256).count());

        StepVerifier.create(sold).expectNext(2L).verifyComplete();
        assertThat(journal).hasContent("a\nb\n");
    }

    @Test
    void aFileIsCompressedAndComesBack() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x".repeat(100_000));
        Path archive = folder.resolve("archive");
        Path copy = folder.resolve("copy");

        Mono<Long> packed = AsyncFiles.write(archive, Compression.gzip(AsyncFiles.read(file)));

        Mono<Long> unpacked = AsyncFiles.write(copy, AsyncFiles.read(archive).transform(Compression::gunzip));

        StepVerifier.create(packed).expectNextMatches(size -> size < 1_000).verifyComplete();
        StepVerifier.create(unpacked).expectNext(100_000L).verifyComplete();
    }

    @Test
    void aDefaultWhereTheFileMayBeMissing() {
        Path config = folder.resolve("config");

        Mono<String> text =
                AsyncFiles.readString(config).onErrorResume(PathNotFoundException.class, e -> Mono.just("{}"));

        StepVerifier.create(text).expectNext("{}").verifyComplete();
    }

    @Test
    void buffersGoFromFileToFile() throws IOException {
        Path source = Files.writeString(folder.resolve("source"), "x".repeat(1_000_000));
        Path target = folder.resolve("target");

        Mono<Long> copied = AsyncFiles.write(target, AsyncFiles.read(source));

        StepVerifier.create(copied).expectNext(1_000_000L).verifyComplete();
        assertThat(target).hasSameBinaryContentAs(source);
    }

    @Test
    void addingToALogUnderItsLock() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), "one\n");
        byte[] entry = "two\n".getBytes(StandardCharsets.UTF_8);

        Mono<Long> added = AsyncFile.using(
                log,
                OpenOptions.readWrite(),
                file -> file.withLock(file.size().flatMap(end -> file.write(end, entry))));

        StepVerifier.create(added).expectNext(4L).verifyComplete();
        assertThat(log).hasContent("one\ntwo\n");
    }

    @Test
    void readingBelowARoot() throws IOException {
        Files.writeString(folder.resolve("secret"), "x");
        Path uploadsOnly = Files.createDirectory(folder.resolve("uploads"));
        String nameFromARequest = "../secret";
        Mono<String> text = readBelow(uploadsOnly, nameFromARequest);

        StepVerifier.create(text).expectNext("forbidden").verifyComplete();
    }

    private static Mono<String> readBelow(Path folder, String nameFromARequest) {
        FileRoot uploads = FileRoot.of(folder);

        Mono<String> text = uploads.readString(Path.of(nameFromARequest))
                .onErrorResume(FileAccessException.class, e -> Mono.just("forbidden"));

        return text;
    }

    @Test
    void theSizeOfAllSources() throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("C.java"), "12345");
        Files.writeString(folder.resolve("a/notes.txt"), "123");

        Path backup = folder.resolveSibling(folder.getFileName() + "-backup");
        Mono<Long> size = FileTree.walk(folder, WalkOptions.defaults().including("**.java"))
                .filter(WalkEntry::isFile)
                .reduce(0L, (sum, entry) -> sum + entry.attributes().size());

        Mono<TreeSummary> copied = FileTree.copy(folder, backup);

        Mono<Long> deleted = FileTree.delete(folder);

        StepVerifier.create(size).expectNext(5L).verifyComplete();
        StepVerifier.create(copied).expectNextCount(1).verifyComplete();
        assertThat(backup.resolve("a/notes.txt")).hasContent("123");
        StepVerifier.create(deleted).expectNextCount(1).verifyComplete();
        assertThat(folder).doesNotExist();
        StepVerifier.create(FileTree.delete(backup)).expectNextCount(1).verifyComplete();
    }

    @Test
    void aTemporaryFile() {
        Flux<ByteBuf> buffers = Flux.defer(() -> Flux.just(Unpooled.copiedBuffer("a\nb\n", StandardCharsets.UTF_8)));

        Mono<Long> lines = TemporaryFiles.using(file ->
                AsyncFiles.write(file, buffers).thenMany(AsyncFiles.lines(file)).count());

        StepVerifier.create(lines).expectNext(2L).verifyComplete();
    }

    @Test
    void theErrorTreeIsTheOneThatIsDrawn() throws IOException {
        String drawn = Files.readString(Path.of("src/main/java/io/weir/files/package-info.java"));
        assertThat(Flux.fromArray(FileException.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .collectList()
                        .block())
                .hasSize(9)
                .allSatisfy(name -> assertThat(drawn).containsPattern("─ " + name + " "));
    }
}
