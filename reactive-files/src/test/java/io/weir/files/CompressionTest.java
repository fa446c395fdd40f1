package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weir.files.DecodeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class CompressionTest {
    enum Format {
        GZIP,
        ZSTD;

        Flux<ByteBuf> compress(Publisher<ByteBuf> source) {
            return this == GZIP ? Compression.gzip(source) : Compression.zstd(source);
        }

        Flux<ByteBuf> decompress(Publisher<ByteBuf> source, DecodeLimits limits) {
            return this == GZIP ? Compression.gunzip(source, limits) : Compression.unzstd(source, limits);
        }

        Flux<ByteBuf> decompress(Publisher<ByteBuf> source) {
            return this == GZIP ? Compression.gunzip(source) : Compression.unzstd(source);
        }

        byte[] compressed(byte[] content) {
            return bytes(compress(Flux.just(Unpooled.wrappedBuffer(content))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCompressedComesBackHoweverItIsCut(Format format) {
        Random random = new Random(3);
        for (int round = 0; round < 30; round++) {
            byte[] content = content(random, round * round * 400);
            byte[] compressed = bytes(format.compress(cut(random, content)));
            assertThat(bytes(format.decompress(cut(random, compressed)))).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allThatIsCutOffIsAnErrorAtItsOffset(Format format) {
        byte[] compressed = format.compressed("some words, some more words".getBytes(UTF_8));
        for (int length = 0; length < compressed.length; length++) {
            int end = length;
            assertFails(format, Arrays.copyOf(compressed, length), e -> {
                assertThat(e.reason()).isEqualTo(Reason.TRUNCATED);
                assertThat(e.offset()).isEqualTo(end);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsTheEndIsAnError(Format format) {
        byte[] compressed = format.compressed("x".getBytes(UTF_8));
        assertFails(
                format,
                joined(compressed, new byte[64]),
                e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoneOfTheFormatIsAnError(Format format) {
        assertFails(
                format,
                "plain text, not compressed".getBytes(UTF_8),
                e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED));
    }

    @ParameterizedTest
    @EnumSource
    void everyBitThatIsTurnedIsNoticedOrChangesNothing(Format format) {
        byte[] content = "some words, some more words, and some words".getBytes(UTF_8);
        byte[] compressed = format.compressed(content);
        for (int bit = 0; bit < compressed.length * 8; bit++) {
            byte[] spoilt = compressed.clone();
            spoilt[bit / 8] ^= (byte) (1 << (bit % 8));
            byte[] back = decompressedOrNull(format, spoilt);
            assertThat(back == null || Arrays.equals(back, content))
                    .as("bit %d", bit)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneAfterTheOtherAreOneStream(Format format) {
        byte[] joined = joined(format.compressed("ab".getBytes(UTF_8)), format.compressed("cd".getBytes(UTF_8)));
        for (int chunk = 1; chunk < joined.length; chunk++) {
            assertThat(bytes(format.decompress(chunks(joined, chunk))))
                    .asString(UTF_8)
                    .isEqualTo("abcd");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsStoppedByItsRatioAndNothingOverTheLimitIsEmitted(Format format) {
        byte[] bomb = format.compressed(new byte[64 << 20]);
        long[] emitted = {0};
        StepVerifier.create(format.decompress(Flux.just(Unpooled.wrappedBuffer(bomb)))
                        .doOnNext(buffer -> {
                            emitted[0] += buffer.readableBytes();
                            buffer.release();
                        })
                        .then())
                .verifyErrorSatisfies(e -> assertThat(e).isInstanceOfSatisfying(DecodeException.class, decode -> {
                    assertThat(decode.reason()).isEqualTo(Reason.LIMIT);
                    assertThat(decode.setting()).isEqualTo("maxRatio");
                }));
        assertThat(emitted[0]).isBetween(1L << 19, Math.max(1L << 20, 100L * bomb.length));
        DecodeLimits wide = DecodeLimits.defaults().withMaxRatio(100_000);
        StepVerifier.create(format.decompress(Flux.just(Unpooled.wrappedBuffer(bomb)), wide)
                        .map(CompressionTest::size)
                        .reduce(0L, Long::sum))
                .expectNext(64L << 20)
                .verifyComplete();
    }

    @ParameterizedTest
    @EnumSource
    void theSizeIsLimitedToTheByte(Format format) {
        byte[] compressed = format.compressed(new byte[100_000]);
        DecodeLimits enough = DecodeLimits.defaults().withMaxSize(100_000);
        assertThat(bytes(format.decompress(chunks(compressed, 7), enough))).hasSize(100_000);
        StepVerifier.create(format.decompress(chunks(compressed, 7), enough.withMaxSize(99_999))
                        .map(CompressionTest::size)
                        .then())
                .verifyErrorSatisfies(e -> assertThat(e)
                        .hasMessageContaining("maxSize 99999")
                        .isInstanceOfSatisfying(
                                DecodeException.class,
                                decode -> assertThat(decode.setting()).isEqualTo("maxSize")));
    }

    @ParameterizedTest
    @EnumSource
    void buffersOfEveryKindAreRead(Format format) {
        byte[] content = content(new Random(5), 200_000);
        byte[] compressed = format.compressed(content);
        int half = compressed.length / 2;
        ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(compressed, 0, half);
        ByteBuf heap = Unpooled.wrappedBuffer(compressed, half, compressed.length - half);
        ByteBuf composite = Unpooled.wrappedBuffer(direct, Unpooled.EMPTY_BUFFER, heap);
        assertThat(bytes(format.decompress(Flux.just(Unpooled.EMPTY_BUFFER, composite))))
                .isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsMadeBeyondTheDemand(Format format) {
        byte[] compressed = format.compressed(content(new Random(6), 1_000_000));
        StepVerifier.create(format.decompress(chunks(compressed, 10_000)).map(CompressionTest::size), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNextCount(1)
                .thenRequest(2)
                .expectNextCount(2)
                .thenCancel()
                .verify();
    }

    @ParameterizedTest
    @EnumSource
    void anErrorOfTheSourceComesAfterWhatCameBeforeIt(Format format) {
        IllegalStateException mistake = new IllegalStateException();
        byte[] compressed = format.compressed(content(new Random(9), 300_000));
        StepVerifier.create(format.decompress(Flux.concat(
                                chunks(Arrays.copyOf(compressed, compressed.length / 2), 1_000), Flux.error(mistake)))
                        .map(CompressionTest::size)
                        .collectList()
                        .onErrorMap(e -> e == mistake ? e : new AssertionError(e)))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(mistake));
        StepVerifier.create(format.compress(Flux.error(mistake)), 0)
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(mistake));
    }

    @ParameterizedTest
    @EnumSource
    void whatCameOutBeforeTheDamageIsEmitted(Format format) {
        byte[] content = content(new Random(8), 500_000);
        byte[] compressed = format.compressed(content);
        byte[] cutOff = Arrays.copyOf(compressed, compressed.length - 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StepVerifier.create(format.decompress(chunks(cutOff, 5_000))
                        .doOnNext(buffer -> out.writeBytes(taken(buffer)))
                        .then())
                .verifyError(DecodeException.class);
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(content, out.size()));
        assertThat(out.size()).isGreaterThan(content.length / 2);
    }

    @ParameterizedTest
    @EnumSource
    void cancelsAtRandomMomentsReleaseWhatWasGivenAndMade(Format format) {
        byte[] compressed = format.compressed(content(new Random(4), 300_000));
        Queue<ByteBuf> given = new ConcurrentLinkedQueue<>();
        Supplier<Flux<ByteBuf>> source = () -> chunks(compressed, 3_000).map(heap -> {
            ByteBuf direct = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(heap);
            given.add(direct);
            return direct;
        });
        Flux.range(0, 300)
                .flatMap(
                        round -> {
                            Flux<ByteBuf> from =
                                    round % 2 == 0 ? source.get() : source.get().subscribeOn(Schedulers.parallel());
                            Flux<ByteBuf> coded = round % 3 == 0 ? format.compress(from) : format.decompress(from);
                            return Mono.create(sink -> {
                                var running = coded.subscribe(ByteBuf::release, sink::error, sink::success);
                                Mono.delay(Duration.ofNanos(
                                                ThreadLocalRandom.current().nextLong(3_000_000)))
                                        .subscribe(tick -> {
                                            running.dispose();
                                            sink.success();
                                        });
                            });
                        },
                        8)
                .blockLast();
        OpenFiles.eventually(() -> given.stream().allMatch(buffer -> buffer.refCnt() == 0));
        assertThat(given).isNotEmpty();
    }

    @Test
    void aFullPoolIsToldAndNothingIsKept() {
        HandScheduler hand = new HandScheduler();
        Sinks.Many<ByteBuf> source = Sinks.many().unicast().onBackpressureBuffer();
        ByteBuf given = Unpooled.copyInt(1);
        StepVerifier.create(CoderFlux.create("gzip", source.asFlux(), () -> new GzipEncoder(1), null, () -> hand)
                        .map(CompressionTest::size))
                .then(hand::runAll)
                .then(() -> hand.refuse(true))
                .then(() -> source.tryEmitNext(given).orThrow())
                .expectError(RejectedExecutionException.class)
                .verify();
        assertThat(given.refCnt()).isZero();
        assertThat(source.currentSubscriberCount()).isZero();
    }

    @Test
    void whatIsEmittedUnaskedIsRefusedAndReleased() {
        HandScheduler hand = new HandScheduler();
        List<ByteBuf> given =
                IntStream.range(0, 20).mapToObj(i -> Unpooled.copyInt(i)).toList();
        Flux<ByteBuf> unasked = Flux.from(s -> {
            s.onSubscribe(reactor.core.publisher.Operators.emptySubscription());
            given.forEach(s::onNext);
        });
        StepVerifier.create(CoderFlux.create("gzip", unasked, () -> new GzipEncoder(1), null, () -> hand)
                        .map(CompressionTest::size)
                        .then())
                .then(hand::runAll)
                .expectErrorMatches(reactor.core.Exceptions::isOverflow)
                .verify();
        assertThat(given).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @Test
    void aLibraryThatIsMissingIsNamed() {
        StepVerifier.create(CoderFlux.create(
                        "zstd",
                        Flux.just(Unpooled.copyInt(1)),
                        Compression.library(() -> {
                            throw new NoClassDefFoundError("com/github/luben/zstd/ZstdCompressCtx");
                        }),
                        null,
                        Schedulers::parallel))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("com.github.luben:zstd-jni"));
    }

    @Test
    void valuesOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> Compression.gzip(Flux.empty(), 10)).hasMessageContaining("0 to 9");
        assertThatThrownBy(() -> Compression.zstd(Flux.empty(), 0)).hasMessageContaining("1 to 22");
        assertThatThrownBy(() -> DecodeLimits.defaults().withMaxRatio(0)).hasMessageContaining("maxRatio");
        assertThatThrownBy(() -> DecodeLimits.defaults().withMaxSize(-1)).hasMessageContaining("maxSize");
        assertThatThrownBy(() -> DecodeLimits.defaults().withMaxWindow(1)).hasMessageContaining("maxWindow");
    }

    @Nested
    class Gzip {
        @Test
        void isWhatTheJdkReadsAndWrites() throws IOException {
            byte[] content = content(new Random(1), 300_000);
            for (int level = 0; level <= 9; level++) {
                byte[] ours = bytes(Compression.gzip(chunks(content, 10_000), level));
                assertThat(new GZIPInputStream(new ByteArrayInputStream(ours)).readAllBytes())
                        .isEqualTo(content);
            }
            ByteArrayOutputStream theirs = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(theirs)) {
                out.write(content);
            }
            assertThat(bytes(Compression.gunzip(chunks(theirs.toByteArray(), 999))))
                    .isEqualTo(content);
        }

        @Test
        void withAFullHeaderIsReadAndItsChecksumLookedAt() {
            byte[] plain = Format.GZIP.compressed("x".getBytes(UTF_8));
            byte[] header = joined(
                    new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3},
                    new byte[] {3, 0, 1, 2, 3},
                    "name\0comment\0".getBytes(UTF_8));
            CRC32 crc = new CRC32();
            crc.update(header);
            byte[] sum = {(byte) crc.getValue(), (byte) (crc.getValue() >>> 8)};
            byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
            byte[] whole = joined(header, sum, rest);
            assertThat(bytes(Compression.gunzip(chunks(whole, 1))))
                    .asString(UTF_8)
                    .isEqualTo("x");
            for (int length = 0; length < whole.length; length++) {
                assertFails(
                        Format.GZIP,
                        Arrays.copyOf(whole, length),
                        e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
            }
            sum[0]++;
            assertFails(
                    Format.GZIP,
                    joined(header, sum, rest),
                    e -> assertThat(e).hasMessageContaining("the checksum of its header"));
            byte[] noExtra = {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 0, 0};
            assertThat(bytes(Compression.gunzip(chunks(joined(noExtra, rest), 1))))
                    .asString(UTF_8)
                    .isEqualTo("x");
        }

        @Test
        void withAWrongTrailerIsRefused() {
            byte[] compressed = Format.GZIP.compressed("x".getBytes(UTF_8));
            byte[] wrongSum = compressed.clone();
            wrongSum[compressed.length - 8]++;
            assertFails(Format.GZIP, wrongSum, e -> assertThat(e).hasMessageContaining("its checksum is wrong"));
            byte[] wrongLength = compressed.clone();
            wrongLength[compressed.length - 1]++;
            assertFails(Format.GZIP, wrongLength, e -> assertThat(e).hasMessageContaining("its length is wrong"));
        }
    }

    @Nested
    class Zstd {
        @Test
        void isWhatTheLibraryReadsAndWrites() {
            byte[] content = content(new Random(2), 300_000);
            for (int level : new int[] {1, 3, 19}) {
                byte[] ours = bytes(Compression.zstd(chunks(content, 10_000), level));
                assertThat(com.github.luben.zstd.Zstd.decompress(ours, content.length))
                        .isEqualTo(content);
                byte[] theirs = com.github.luben.zstd.Zstd.compress(content, level);
                assertThat(bytes(Compression.unzstd(chunks(theirs, 999)))).isEqualTo(content);
            }
        }

        @Test
        void thatAsksForTooLargeAWindowIsRefusedBeforeItIsGiven() {
            byte[] windowOf16 = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 14 << 3, 1, 0, 0};
            assertThat(bytes(Compression.unzstd(
                            chunks(windowOf16, 1), DecodeLimits.defaults().withMaxWindow(16 << 20))))
                    .isEmpty();
            assertFails(Format.ZSTD, windowOf16, e -> assertThat(e.setting()).isEqualTo("maxWindow"));
            byte[] singleOf4Gib = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) (0x20 | 2 << 6), -1, -1, -1, -1, 1, 0, 0
            };
            assertFails(Format.ZSTD, singleOf4Gib, e -> assertThat(e.setting()).isEqualTo("maxWindow"));
            byte[] singleOfMore = singleOf4Gib.clone();
            singleOfMore[4] = (byte) (0x20 | 3 << 6);
            assertFails(
                    Format.ZSTD,
                    joined(singleOfMore, new byte[9]),
                    e -> assertThat(e.setting()).isEqualTo("maxWindow"));
        }

        @Test
        void framesToBeSkippedAreSkipped() {
            byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 7, 7, 7};
            byte[] frame = Format.ZSTD.compressed("x".getBytes(UTF_8));
            byte[] joined = joined(skippable, frame, skippable);
            for (int chunk = 1; chunk < joined.length; chunk++) {
                assertThat(bytes(Compression.unzstd(chunks(joined, chunk))))
                        .asString(UTF_8)
                        .isEqualTo("x");
            }
        }
    }

    private static void assertFails(
            Format format, byte[] compressed, java.util.function.Consumer<DecodeException> satisfies) {
        for (int chunk : new int[] {1, compressed.length + 1}) {
            StepVerifier.create(format.decompress(chunks(compressed, chunk))
                            .map(CompressionTest::size)
                            .then())
                    .verifyErrorSatisfies(e -> assertThat(e).isInstanceOfSatisfying(DecodeException.class, satisfies));
        }
    }

    private static byte[] decompressedOrNull(Format format, byte[] compressed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return format.decompress(chunks(compressed, 1_000))
                .doOnNext(buffer -> out.writeBytes(taken(buffer)))
                .then(Mono.fromSupplier(out::toByteArray))
                .onErrorResume(DecodeException.class, e -> Mono.empty())
                .block();
    }

    private static byte[] bytes(Flux<ByteBuf> buffers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        buffers.doOnNext(buffer -> {
                    assertThat(buffer.isReadable()).isTrue();
                    out.writeBytes(taken(buffer));
                })
                .blockLast(Duration.ofSeconds(60));
        return out.toByteArray();
    }

    private static byte[] taken(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes).release();
        return bytes;
    }

    private static long size(ByteBuf buffer) {
        long size = buffer.readableBytes();
        buffer.release();
        return size;
    }

    private static Flux<ByteBuf> chunks(byte[] bytes, int size) {
        return Flux.range(0, (bytes.length + size - 1) / size)
                .map(i -> Unpooled.copiedBuffer(bytes, i * size, Math.min(size, bytes.length - i * size)));
    }

    private static Flux<ByteBuf> cut(Random random, byte[] bytes) {
        return Flux.generate(() -> 0, (at, sink) -> {
            if (at == bytes.length) {
                sink.complete();
                return at;
            }
            int size = Math.min(bytes.length - at, random.nextInt(random.nextBoolean() ? 10 : 100_000));
            sink.next(Unpooled.copiedBuffer(bytes, at, size));
            return at + size;
        });
    }

    /** Words and noise, by turns. */
    private static byte[] content(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        for (int i = 0; i < size; i++) {
            if (i / 5_000 % 2 == 0) {
                bytes[i] = (byte) "some words and others ".charAt(i % 22);
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
