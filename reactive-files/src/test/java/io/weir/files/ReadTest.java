package io.weir.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ReadTest {
    private static final int CHUNK = 64;
    private static final int[] SIZES = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 10 * CHUNK + 7};

    private final Path folder;
    private final Path file;

    ReadTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("file");
    }

    @Nested
    class Buffers {
        @Test
        void areTheFileInPiecesOfTheChunkSize() throws IOException {
            for (int size : SIZES) {
                byte[] content = random(size);
                List<Integer> lengths = new ArrayList<>();
                byte[] read = AsyncFiles.read(file, ReadOptions.defaults().withChunkSize(CHUNK))
                        .doOnNext(buffer -> lengths.add(buffer.readableBytes()))
                        .map(ReadTest::hexAndRelease)
                        .collectList()
                        .map(hex -> ByteBufUtil.decodeHexDump(String.join("", hex)))
                        .block();
                assertThat(read).isEqualTo(content);
                assertThat(lengths).hasSize((size + CHUNK - 1) / CHUNK).doesNotContain(0);
            }
        }

        @Test
        void arriveOnAWorker() throws IOException {
            random(10);
            StepVerifier.create(AsyncFiles.read(file)
                            .doOnNext(ByteBuf::release)
                            .map(buffer -> Thread.currentThread().getName())
                            .subscribeOn(Schedulers.parallel()))
                    .assertNext(thread -> assertThat(thread).startsWith("weir-blocking"))
                    .verifyComplete();
        }

        @Test
        void canBeReadAgainBySubscribingAgain() throws IOException {
            random(CHUNK);
            Flux<Integer> sizes =
                    AsyncFiles.read(file).doOnNext(ByteBuf::release).map(ByteBuf::capacity);
            StepVerifier.create(sizes.concatWith(sizes)).expectNextCount(2).verifyComplete();
        }

        @Test
        void thatAreReleasedTooOftenAreAnErrorAndTheFileIsClosed() throws IOException {
            Files.write(file, new byte[10]);
            StepVerifier.create(AsyncFiles.read(file, ReadOptions.defaults().withChunkSize(3))
                            .map(buffer -> buffer.release(2)))
                    .expectNext(true)
                    .verifyError(IllegalReferenceCountException.class);
            OpenFiles.assertNoneUnder(file.getParent());
        }

        @Test
        void areNotReadWithoutDemand() throws IOException {
            random(3 * CHUNK);
            StepVerifier.create(
                            AsyncFiles.read(file, ReadOptions.defaults().withChunkSize(CHUNK))
                                    .map(ReadTest::hexAndRelease),
                            1)
                    .expectNextCount(1)
                    .then(() -> truncate(CHUNK)) // seen by the next read, which has not happened
                    .thenRequest(1)
                    .verifyComplete();
        }

        private void truncate(int size) {
            try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
                channel.truncate(size);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Test
        void nameTheirFileToScans() {
            assertThat(Scannable.from(AsyncFiles.read(file)).stepName()).isEqualTo("read(" + file + ")");
            assertThat(Scannable.from(AsyncFiles.write(file, "")).stepName()).isEqualTo("write(" + file + ")");
        }
    }

    @Nested
    class Whole {
        @Test
        void isTheContentAtEverySizeAndStep() throws IOException {
            for (int size : SIZES) {
                byte[] content = random(size);
                for (int step : new int[] {1, CHUNK, 1 << 20}) {
                    assertThat(AsyncFiles.readAllBytes(
                                            file, ReadOptions.defaults().withChunkSize(step))
                                    .block())
                            .isEqualTo(content);
                }
            }
        }

        @Test
        void isClosedWhenItArrives() throws IOException {
            random(10);
            StepVerifier.create(AsyncFiles.readAllBytes(file).map(bytes -> OpenFiles.under(folder)))
                    .assertNext(open -> assertThat(open).isEmpty())
                    .verifyComplete();
        }

        @Test
        void ofTheLimitPassesAndOneByteMoreDoesNot() throws IOException {
            for (int limit : new int[] {0, 1, 100, 9_000}) {
                byte[] content = random(limit);
                ReadOptions options = ReadOptions.defaults().withMaxSize(limit);
                assertThat(AsyncFiles.readAllBytes(file, options).block()).isEqualTo(content);
                random(limit + 1);
                StepVerifier.create(AsyncFiles.readString(file, options.withCharset(ISO_8859_1)))
                        .verifyErrorSatisfies(e -> assertThat(e)
                                .isInstanceOfSatisfying(FileTooLargeException.class, tooLarge -> {
                                    assertThat(tooLarge.limit()).isEqualTo(limit);
                                    assertThat(tooLarge).hasMessageContaining(tooLarge.setting());
                                    assertThat(tooLarge.operation()).isEqualTo("readString");
                                }));
            }
        }

        @Test
        void isReadToItsEndWhereTheSizeIsUnknown() throws IOException {
            Path status = Path.of("/proc/self/status");
            assumeTrue(Files.exists(status));
            assertThat(Files.size(status)).isZero();
            StepVerifier.create(AsyncFiles.readString(status))
                    .assertNext(text -> assertThat(text).contains("VmRSS").endsWith("\n"))
                    .verifyComplete();
            StepVerifier.create(AsyncFiles.lines(status).filter(line -> line.startsWith("VmRSS")))
                    .expectNextCount(1)
                    .verifyComplete();
            StepVerifier.create(AsyncFiles.readAllBytes(
                            status, ReadOptions.defaults().withMaxSize(100)))
                    .verifyError(FileTooLargeException.class);
        }

        @Test
        void thatGrowsMeanwhileIsReadToItsEnd() throws IOException {
            Files.writeString(file, "x");
            HandScheduler hand = new HandScheduler();
            hand.makeTurnsShort();
            ThreadEngine engine = new ThreadEngine(() -> hand);
            StepVerifier.create(engine.readString(new FileOperation("readString", file), ReadOptions.defaults()))
                    .then(hand::runOne)
                    .then(() -> append("y".repeat(20_000)))
                    .then(hand::runAll)
                    .expectNext("x" + "y".repeat(20_000))
                    .verifyComplete();
        }

        private void append(String text) {
            try {
                Files.writeString(file, text, java.nio.file.StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    @Nested
    class Text {
        @Test
        void isDecodedWithoutItsByteOrderMark() throws IOException {
            Files.writeString(file, "\ufeff\u20ac1\n");
            assertThat(AsyncFiles.readString(file).block()).isEqualTo("\u20ac1\n");
            Files.writeString(file, "\u20ac2", UTF_16LE);
            assertThat(AsyncFiles.readString(file, UTF_16LE).block()).isEqualTo("\u20ac2");
            Files.writeString(file, "");
            assertThat(AsyncFiles.readString(file).block()).isEmpty();
        }

        @Test
        void thatIsMalformedIsAnErrorWithItsOffset() throws IOException {
            Files.write(file, new byte[] {'a', 'b', (byte) 0xC3, 'c'});
            StepVerifier.create(AsyncFiles.readString(file))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(MalformedTextException.class, malformed -> {
                                assertThat(malformed.offset()).isEqualTo(2);
                                assertThat(malformed.charset()).isEqualTo(UTF_8);
                                assertThat(malformed).hasMessageContaining(file.toString());
                            }));
        }
    }

    @Nested
    class Errors {
        static List<Function<Path, Publisher<?>>> reads() {
            return List.of(AsyncFiles::read, AsyncFiles::readAllBytes, AsyncFiles::readString, AsyncFiles::lines);
        }

        @ParameterizedTest
        @MethodSource("reads")
        void aMissingFileIsNotFound(Function<Path, Publisher<?>> read) {
            StepVerifier.create(read.apply(file))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(PathNotFoundException.class)
                            .hasMessageContaining(file + ": no such file or directory"));
        }

        @ParameterizedTest
        @MethodSource("reads")
        void aFolderIsNoFile(Function<Path, Publisher<?>> read) {
            StepVerifier.create(read.apply(folder))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageEndingWith("is a directory")
                            .hasCauseInstanceOf(IOException.class));
            assertThat(OpenFiles.under(folder)).isEmpty();
        }

        @ParameterizedTest
        @MethodSource("reads")
        void aFileIsNoFolder(Function<Path, Publisher<?>> read) throws IOException {
            random(1);
            StepVerifier.create(read.apply(file.resolve("below"))).verifyError(FileIoException.class);
        }

        @ParameterizedTest
        @MethodSource("reads")
        void aFileThatMayNotBeReadIsDenied(Function<Path, Publisher<?>> read) throws IOException {
            random(1);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
            assumeFalse(Files.isReadable(file), "this user may read everything");
            StepVerifier.create(read.apply(file)).verifyError(FileAccessException.class);
        }

        @Test
        void aNameThatIsTooLongSaysSo() {
            StepVerifier.create(AsyncFiles.readString(folder.resolve("n".repeat(300))))
                    .verifyErrorSatisfies(e ->
                            assertThat(e).isInstanceOf(FileIoException.class).hasMessageContaining("name too long"));
        }

        @Test
        void aFailureThatCannotBeWordedIsStillTold() {
            IOException mute = new IOException() {
                @Override
                public String getMessage() {
                    throw new NoClassDefFoundError("no descriptor to load it");
                }
            };
            HandScheduler hand = new HandScheduler();
            StepVerifier.create(CursorFlux.create(
                            new FileOperation("read", file),
                            () -> {
                                throw mute;
                            },
                            () -> hand))
                    .then(hand::runAll)
                    .verifyError(NoClassDefFoundError.class);
        }

        @Test
        void aReadThatFailsHalfWayKeepsWhatTheSystemSaid() {
            Path memory = Path.of("/proc/self/mem"); // its first page is not mapped: EIO
            assumeTrue(Files.isReadable(memory));
            StepVerifier.create(AsyncFiles.read(memory))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasCauseInstanceOf(IOException.class)
                            .hasMessageContaining("Input/output error"));
        }
    }

    @Test
    void manyFilesAreReadAtOnce() throws IOException {
        for (int i = 0; i < 300; i++) {
            Files.writeString(folder.resolve("f" + i), "content " + i);
        }
        List<String> all = Flux.range(0, 300)
                .flatMapSequential(i -> AsyncFiles.readString(folder.resolve("f" + i)), 64)
                .collectList()
                .block();
        assertThat(all).hasSize(300).startsWith("content 0").endsWith("content 299");
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void theSubscribersContextAndErrorsStayTheirs() throws IOException {
        random(1);
        StepVerifier.create(AsyncFiles.readAllBytes(file)
                        .flatMap(bytes -> Mono.deferContextual(context -> Mono.just(context.get("key"))))
                        .contextWrite(context -> context.put("key", "value")))
                .expectNext("value")
                .verifyComplete();
    }

    private byte[] random(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        Files.write(file, content);
        return content;
    }

    private static String hexAndRelease(ByteBuf buffer) {
        String hex = ByteBufUtil.hexDump(buffer);
        buffer.release();
        return hex;
    }
}
