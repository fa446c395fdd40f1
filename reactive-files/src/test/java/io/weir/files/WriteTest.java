package io.weir.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class WriteTest {
    private static final Path FULL = Path.of("/dev/full");

    private final Path folder;
    private final Path file;

    WriteTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("file");
    }

    @Nested
    class Values {
        @Test
        void areWrittenOverWhatIsThere() throws IOException {
            Files.writeString(file, "something longer");
            assertThat(AsyncFiles.write(file, new byte[] {'n', 'e', 'w'}).block())
                    .isEqualTo(3);
            assertThat(file).hasContent("new");
            assertThat(AsyncFiles.write(file, "t\u20ac").block()).isEqualTo(4);
            assertThat(file).hasContent("t\u20ac");
            assertThat(AsyncFiles.write(file, "").block()).isZero();
            assertThat(file).isEmptyFile();
        }

        @Test
        void areWrittenOncePerSubscription() throws IOException {
            Mono<Long> append = AsyncFiles.write(file, "x", WriteOptions.append());
            assertThat(file).doesNotExist();
            append.block();
            append.block();
            assertThat(file).hasContent("xx");
        }

        @Test
        void areWrittenInTheCharset() throws IOException {
            AsyncFiles.write(file, "\u00e9", ISO_8859_1).block();
            assertThat(Files.readAllBytes(file)).containsExactly(0xE9);
            AsyncFiles.write(file, "ab", UTF_16).block();
            assertThat(Files.readAllBytes(file)).isEqualTo("ab".getBytes(UTF_16));
        }

        @Test
        void thatTheCharsetCannotExpressAreRefused() {
            assertUnwritable("ab\u20ac", ISO_8859_1, 2);
            assertUnwritable("a\ud83d!", UTF_8, 1);
            assertUnwritable("ab\ud83d", UTF_8, 2);
        }

        private void assertUnwritable(String text, Charset charset, long index) {
            StepVerifier.create(AsyncFiles.write(file, text, charset))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    MalformedTextException.class,
                                    malformed -> assertThat(malformed.offset()).isEqualTo(index)));
        }

        @Test
        void ofManyMegabytesAreWrittenWhole() throws IOException {
            byte[] large = new byte[(5 << 20) + 3];
            new Random(1).nextBytes(large);
            assertThat(AsyncFiles.write(file, large).block()).isEqualTo(large.length);
            assertThat(Files.readAllBytes(file)).isEqualTo(large);
            String text = "\u00e9x".repeat(1 << 20);
            assertThat(AsyncFiles.write(file, text).block()).isEqualTo(3L << 20);
            assertThat(AsyncFiles.readString(file).block()).isEqualTo(text);
        }
    }

    @Nested
    class Options {
        @Test
        void createNewRefusesAFileThatIsThere() throws IOException {
            AsyncFiles.write(file, "1", WriteOptions.createNew()).block();
            StepVerifier.create(AsyncFiles.write(file, "2", WriteOptions.createNew()))
                    .verifyError(FileExistsException.class);
            assertThat(file).hasContent("1");
        }

        @Test
        void foldersAreCreatedOnlyWhenAskedFor() {
            Path deep = folder.resolve("a/b/c");
            StepVerifier.create(AsyncFiles.write(deep, "x")).verifyError(PathNotFoundException.class);
            AsyncFiles.write(deep, "x", WriteOptions.overwrite().withParents()).block();
            AsyncFiles.write(deep, "y", WriteOptions.append().withParents()).block();
            assertThat(deep).hasContent("xy");
        }

        @Test
        void appendAddsToTheEnd() {
            AsyncFiles.append(file, "a").block();
            AsyncFiles.append(file, new byte[] {'b'}).block();
            assertThat(AsyncFiles.append(file, Flux.just(Unpooled.copyInt(0x63646566)))
                            .block())
                    .isEqualTo(4);
            assertThat(file).hasContent("abcdef");
        }

        @Test
        void everyPolicyOfForcingWritesTheSame() throws IOException {
            for (SyncPolicy policy : List.of(SyncPolicy.none(), SyncPolicy.atEnd(), SyncPolicy.every(1_000))) {
                WriteOptions options = WriteOptions.overwrite().withSync(policy);
                Flux<String> lines = Flux.range(0, 1_000).map(String::valueOf);
                assertThat(AsyncFiles.writeLines(file, lines, options).block()).isEqualTo(3_890);
                assertThat(AsyncFiles.writeLinesAtomically(file, lines, options).block())
                        .isEqualTo(3_890);
            }
            assertThatThrownBy(() -> SyncPolicy.every(0)).isInstanceOf(IllegalArgumentException.class);
        }

        @Test
        void theContentIsForcedEachTimeSoMuchIsWritten() throws IOException {
            FaultyChannel channel = new FaultyChannel(file);
            channel.mostAtOnce = 10;
            Mono<Long> write = WriteMono.create(
                    new FileOperation("write", file),
                    Flux.just(Unpooled.wrappedBuffer(new byte[95])),
                    64,
                    BufferBatch::new,
                    () -> new PlainTarget(file, channel, SyncPolicy.every(30)),
                    Schedulers::boundedElastic);
            assertThat(write.block()).isEqualTo(95);
            assertThat(channel.forces).isEqualTo(3 + 1);
        }

        @Test
        void aDeviceThatDoesNotTakeWhatItIsForcedToFailsTheWrite() throws IOException {
            FaultyChannel channel = new FaultyChannel(file);
            channel.failForce = true;
            StepVerifier.create(WriteMono.create(
                            new FileOperation("write", file),
                            Flux.just(Unpooled.wrappedBuffer(new byte[5])),
                            64,
                            BufferBatch::new,
                            () -> new PlainTarget(file, channel, SyncPolicy.atEnd()),
                            Schedulers::boundedElastic))
                    .verifyError(FileIoException.class);
            assertThat(channel.isOpen()).isFalse();
        }

        @Test
        void aFileWhereAFolderIsNeededIsTold() throws IOException {
            Files.writeString(file, "");
            StepVerifier.create(AsyncFiles.write(
                            file.resolve("below"), "x", WriteOptions.overwrite().withParents()))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageContaining("a file is where a folder is needed"));
        }

        @Test
        void aCharsetThatCannotEncodeIsRefusedAtOnce() {
            assumeTrue(Charset.isSupported("x-JISAutoDetect"));
            assertThatThrownBy(() -> WriteOptions.append().withCharset(Charset.forName("x-JISAutoDetect")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Buffers {
        @Test
        void ofAllKindsAndSizesAreWrittenAndReleased() throws IOException {
            Random random = new Random(7);
            ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();
            java.io.ByteArrayOutputStream expected = new java.io.ByteArrayOutputStream();
            Flux<ByteBuf> source = Flux.range(0, 3_000).map(i -> {
                byte[] content = new byte[i % 100 == 0 ? 100_000 : random.nextInt(3)];
                random.nextBytes(content);
                expected.writeBytes(content);
                ByteBuf buffer = bufferOfKind(i % 3, content);
                given.add(buffer);
                return buffer;
            });
            assertThat(AsyncFiles.write(file, source).block()).isEqualTo(expected.size());
            assertThat(Files.readAllBytes(file)).isEqualTo(expected.toByteArray());
            assertThat(given).hasSize(3_000).allMatch(buffer -> buffer.refCnt() == 0 || buffer.capacity() == 0);
        }

        private ByteBuf bufferOfKind(int kind, byte[] content) {
            if (kind == 0) {
                return Unpooled.wrappedBuffer(content);
            }
            ByteBuf direct = PooledByteBufAllocator.DEFAULT
                    .directBuffer(content.length + 1)
                    .writeByte(0)
                    .writeBytes(content);
            direct.readByte();
            return kind == 1 ? direct : Unpooled.wrappedBuffer(direct, Unpooled.buffer(1));
        }

        @Test
        void thatAreAllEmptyAreReleasedAsTheyCome() {
            Flux<ByteBuf> source = Flux.range(0, 10_000).map(i -> PooledByteBufAllocator.DEFAULT.directBuffer(8));
            assertThat(AsyncFiles.write(file, source).block()).isZero();
            assertThat(file).isEmptyFile();
        }

        @Test
        void thatAreTinyAreWrittenManyAtOnce() throws IOException {
            FaultyChannel channel = new FaultyChannel(file);
            Flux<ByteBuf> source = Flux.range(0, 40_000).map(i -> Unpooled.copyInt(i));
            WriteMono.create(
                            new FileOperation("write", file),
                            source,
                            64,
                            BufferBatch::new,
                            () -> new PlainTarget(file, channel, SyncPolicy.none()),
                            Schedulers::boundedElastic)
                    .block();
            assertThat(file).hasSize(160_000);
            assertThat(channel.writes)
                    .isLessThan(200); // 625 at 64 buffers a write; a turn that is over writes what it has
        }

        @Test
        void areRequestedAsTheyAreWritten() {
            AtomicLong requested = new AtomicLong();
            AtomicLong emitted = new AtomicLong();
            AtomicLong most = new AtomicLong();
            Flux<ByteBuf> source = Flux.range(0, 1_000)
                    .map(i -> Unpooled.copyInt(i))
                    .doOnNext(buffer -> emitted.incrementAndGet())
                    .doOnRequest(n -> {
                        long open = requested.addAndGet(n) - emitted.get();
                        most.accumulateAndGet(open, Math::max);
                    });
            assertThat(AsyncFiles.write(file, source).block()).isEqualTo(4_000);
            assertThat(most).hasValue(64);
        }

        @Test
        void releasedTooEarlyFailTheWrite() {
            ByteBuf released = Unpooled.buffer(8).writeInt(1);
            released.release();
            StepVerifier.create(AsyncFiles.write(file, Flux.just(Unpooled.copyInt(7), released)))
                    .verifyError(io.netty.util.IllegalReferenceCountException.class);
            assertThat(file).hasBinaryContent(new byte[] {0, 0, 0, 7});
        }

        @Test
        void beyondWhatWasRequestedAreRefusedAndReleased() {
            ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();
            HandScheduler hand = new HandScheduler();
            TestPublisher<ByteBuf> source = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
            StepVerifier.create(new ThreadEngine(() -> hand)
                            .write(new FileOperation("write", file), source, WriteOptions.overwrite()))
                    .then(hand::runAll)
                    .then(() -> {
                        for (int i = 0; i < 65; i++) {
                            ByteBuf buffer = Unpooled.copyInt(i);
                            given.add(buffer);
                            source.next(buffer);
                        }
                    })
                    .then(hand::runAll)
                    .verifyErrorMatches(e -> reactor.core.Exceptions.isOverflow(e));
            assertThat(given).hasSize(65).allMatch(buffer -> buffer.refCnt() == 0);
        }

        @Test
        void thatComeAfterTheCancelAreReleased() {
            HandScheduler hand = new HandScheduler();
            TestPublisher<ByteBuf> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            ByteBuf queued = Unpooled.copyInt(1);
            ByteBuf late = Unpooled.copyInt(2);
            StepVerifier.create(new ThreadEngine(() -> hand)
                            .write(new FileOperation("write", file), source, WriteOptions.overwrite()))
                    .then(hand::runAll)
                    .then(() -> source.next(queued))
                    .thenCancel()
                    .verify();
            hand.runAll();
            assertThat(queued.refCnt()).isZero();
            source.next(late);
            assertThat(late.refCnt()).isZero();
            assertThat(OpenFiles.under(folder)).isEmpty();
        }
    }

    @Nested
    class Lines {
        @Test
        void eachEndInALineFeed() throws IOException {
            assertThat(AsyncFiles.writeLines(file, Flux.just("a", "", "\u20ac")).block())
                    .isEqualTo(7);
            assertThat(Files.readAllBytes(file)).isEqualTo("a\n\n\u20ac\n".getBytes(UTF_8));
        }

        @Test
        void ofEveryKindOfCharSequenceAreWritten() throws IOException {
            Flux<CharSequence> source =
                    Flux.just(java.nio.CharBuffer.wrap("xb", 1, 2), "s", java.nio.CharBuffer.wrap("c"));
            AsyncFiles.writeLines(file, source).block();
            assertThat(file).hasContent("b\ns\nc\n");
        }

        @Test
        void comeBackAsTheyWere() {
            List<String> lines = IntStream.range(0, 50_000)
                    .mapToObj(i -> i + "\u00e9".repeat(i % 61))
                    .toList();
            long bytes = AsyncFiles.writeLines(file, Flux.fromIterable(lines)).block();
            assertThat(file).hasSize(bytes);
            assertThat(AsyncFiles.lines(file).collectList().block()).isEqualTo(lines);
        }

        @Test
        void canBeReadWhileTheLogGrows() {
            Sinks.Many<String> log = Sinks.many().unicast().onBackpressureBuffer();
            StepVerifier.create(AsyncFiles.writeLines(file, log.asFlux()))
                    .then(() -> OpenFiles.eventually(() -> Files.exists(file)))
                    .then(() -> log.tryEmitNext("first").orThrow())
                    .then(() -> OpenFiles.eventually(() -> "first\n".equals(content())))
                    .then(() -> log.tryEmitNext("second").orThrow())
                    .then(() -> OpenFiles.eventually(() -> "first\nsecond\n".equals(content())))
                    .then(() -> log.tryEmitComplete().orThrow())
                    .expectNext(13L)
                    .verifyComplete();
        }

        private String content() {
            return AsyncFiles.readString(file).block();
        }

        @Test
        void inUtf16BeginWithOneByteOrderMark() throws IOException {
            WriteOptions options = WriteOptions.overwrite().withCharset(UTF_16);
            AsyncFiles.writeLines(file, Flux.just("a", "b"), options).block();
            assertThat(Files.readAllBytes(file)).isEqualTo("a\nb\n".getBytes(UTF_16));
        }

        @Test
        void beforeOneThatCannotBeWrittenAreInTheFile() {
            StepVerifier.create(AsyncFiles.writeLines(file, Flux.just("one", "two", "thr\ud83d", "four")))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(MalformedTextException.class, malformed -> {
                                assertThat(malformed.offset()).isEqualTo(3);
                                assertThat(malformed.operation()).isEqualTo("writeLines");
                            }));
            assertThat(file).hasContent("one\ntwo\n");
        }

        @Test
        void thatWereNotWrittenGoToTheDiscardHook() {
            HandScheduler hand = new HandScheduler();
            ConcurrentLinkedQueue<Object> discarded = new ConcurrentLinkedQueue<>();
            TestPublisher<String> source = TestPublisher.create();
            StepVerifier.create(new ThreadEngine(() -> hand)
                            .writeLines(new FileOperation("write", file), source, WriteOptions.overwrite())
                            .doOnDiscard(String.class, discarded::add))
                    .then(hand::runAll)
                    .then(() -> source.next("a", "b"))
                    .thenCancel()
                    .verify();
            hand.runAll();
            assertThat(discarded).containsExactly("a", "b");
            source.assertCancelled();
        }
    }

    @Nested
    class Sources {
        @Test
        void thatAreEmptyMakeAnEmptyFile() {
            assertThat(AsyncFiles.write(file, Flux.<ByteBuf>empty()).block()).isZero();
            assertThat(file).isEmptyFile();
        }

        @Test
        void thatFailPassTheirErrorOnAfterWhatTheyEmitted() {
            IllegalStateException mistake = new IllegalStateException();
            StepVerifier.create(AsyncFiles.writeLines(file, Flux.just("kept").concatWith(Flux.error(mistake))))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(mistake).hasNoSuppressedExceptions());
            assertThat(file).hasContent("kept\n");
            assertThat(OpenFiles.under(folder)).isEmpty();
        }

        @Test
        void areNotAskedWhenTheFileCannotBeOpened() {
            AtomicInteger subscriptions = new AtomicInteger();
            Flux<ByteBuf> source = Flux.<ByteBuf>empty().doOnSubscribe(s -> subscriptions.incrementAndGet());
            StepVerifier.create(AsyncFiles.write(folder, source))
                    .verifyErrorSatisfies(e ->
                            assertThat(e).isInstanceOf(FileIoException.class).hasMessageEndingWith("is a directory"));
            assertThat(subscriptions).hasValue(0);
        }

        @Test
        void areCancelledWhenTheDiskIsFull() {
            assumeTrue(Files.isWritable(FULL));
            AtomicInteger cancels = new AtomicInteger();
            Flux<ByteBuf> endless = Flux.<ByteBuf>generate(sink -> sink.next(Unpooled.copyInt(1)))
                    .doOnCancel(cancels::incrementAndGet);
            StepVerifier.create(AsyncFiles.write(FULL, endless))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageContaining("No space left on device")
                            .hasCauseInstanceOf(IOException.class));
            assertThat(cancels).hasValue(1);
            StepVerifier.create(AsyncFiles.write(FULL, "x")).verifyError(FileIoException.class);
        }

        @Test
        void thatEndAreNotCancelled() {
            AtomicInteger cancels = new AtomicInteger();
            AsyncFiles.writeLines(file, Flux.just("a").doOnCancel(cancels::incrementAndGet))
                    .block();
            StepVerifier.create(AsyncFiles.writeLines(
                            file,
                            Flux.<String>error(new IllegalStateException()).doOnCancel(cancels::incrementAndGet)))
                    .verifyError(IllegalStateException.class);
            assertThat(cancels).hasValue(0);
        }

        @Test
        void thatNeverEndAreCancelledWithTheWrite() {
            AtomicInteger cancels = new AtomicInteger();
            StepVerifier.create(AsyncFiles.writeLines(
                            file,
                            Flux.concat(Flux.just("a"), Flux.<String>never()).doOnCancel(cancels::incrementAndGet)))
                    .then(() -> OpenFiles.eventually(() -> Files.exists(file)))
                    .thenCancel()
                    .verify();
            OpenFiles.eventually(() -> cancels.get() == 1); // by the worker, which closes the file too
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void thatEmitFromAnotherThreadAreWrittenInOrder() {
            Flux<String> source = Flux.range(0, 20_000).map(String::valueOf).publishOn(Schedulers.parallel());
            AsyncFiles.writeLines(file, source).block();
            assertThat(AsyncFiles.lines(file).collectList().block())
                    .isEqualTo(
                            IntStream.range(0, 20_000).mapToObj(String::valueOf).toList());
        }

        @Test
        void seeTheContextOfTheSubscriber() {
            Flux<String> source = Flux.deferContextual(context -> Flux.just(context.<String>get("key")));
            AsyncFiles.writeLines(file, source)
                    .contextWrite(context -> context.put("key", "value"))
                    .block();
            assertThat(file).hasContent("value\n");
        }
    }

    @Test
    void aFileThatMayNotBeWrittenIsDenied() throws IOException {
        Files.writeString(file, "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assumeFalse(Files.isWritable(file), "this user may write everything");
        StepVerifier.create(AsyncFiles.write(file, "new")).verifyError(FileAccessException.class);
        assertThat(file).hasContent("old");
    }

    @Test
    void manyFilesAreWrittenAtOnce() {
        Flux.range(0, 200)
                .flatMap(
                        i -> AsyncFiles.writeLines(
                                folder.resolve("f" + i),
                                Flux.range(0, 500).map(n -> i + ":" + n).publishOn(Schedulers.parallel())),
                        50)
                .blockLast();
        for (int i = 0; i < 200; i++) {
            int name = i;
            assertThat(AsyncFiles.lines(folder.resolve("f" + i)).collectList().block())
                    .isEqualTo(IntStream.range(0, 500)
                            .mapToObj(n -> name + ":" + n)
                            .toList());
        }
        OpenFiles.assertNoneUnder(folder);
    }
}
