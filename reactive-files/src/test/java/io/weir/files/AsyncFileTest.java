package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class AsyncFileTest {
    private final Path folder;
    private final Path path;

    AsyncFileTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.path = Files.writeString(folder.resolve("file"), "0123456789");
    }

    @Nested
    class Reading {
        @Test
        void isByPositionAndShorterAtTheEnd() {
            StepVerifier.create(AsyncFile.usingMany(
                            path,
                            OpenOptions.read(),
                            file -> Flux.concat(
                                            file.read(0, 10),
                                            file.read(3, 4),
                                            file.read(8, 100),
                                            file.read(10, 1),
                                            file.read(99, 1))
                                    .map(AsyncFileTest::text)))
                    .expectNext("0123456789", "3456", "89")
                    .verifyComplete();
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void inPartsStopsWhereTheFileDoes() {
            List<String> parts = AsyncFile.using(
                            path,
                            OpenOptions.read(),
                            file -> file.readParts(1, List.of(2, 3, 9, 5))
                                    .map(all -> all.stream()
                                            .map(AsyncFileTest::text)
                                            .toList()))
                    .block();
            assertThat(parts).containsExactly("12", "345", "6789");
        }

        @Test
        void manyAtOnceGiveEachItsOwn() throws IOException {
            byte[] content = new byte[1 << 20];
            new Random(1).nextBytes(content);
            Files.write(path, content);
            Flux<Boolean> right = AsyncFile.usingMany(
                    path,
                    OpenOptions.read(),
                    file -> Flux.range(0, 4_000)
                            .flatMap(
                                    i -> {
                                        int at = (i * 4_099) % (content.length - 100);
                                        return file.read(at, 100).map(buffer -> {
                                            boolean same = buffer.equals(Unpooled.wrappedBuffer(content, at, 100));
                                            buffer.release();
                                            return same;
                                        });
                                    },
                                    2_000));
            StepVerifier.create(right.filter(same -> same).count())
                    .expectNext(4_000L)
                    .verifyComplete();
        }

        @Test
        void refusesWhatIsNoLengthOrPosition() {
            StepVerifier.create(AsyncFile.using(path, OpenOptions.read(), file -> {
                        assertThatThrownBy(() -> file.read(-1, 1)).hasMessageContaining("position");
                        assertThatThrownBy(() -> file.read(0, 0)).hasMessageContaining("length");
                        assertThatThrownBy(() -> file.read(0, (16 << 20) + 1)).hasMessageContaining("length");
                        return Mono.just(file.path());
                    }))
                    .expectNext(path)
                    .verifyComplete();
        }

        @Test
        void ofAFolderSaysSo() {
            StepVerifier.create(AsyncFile.using(folder, OpenOptions.read(), file -> file.read(0, 1)))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessage("read " + folder + ": is a directory"));
            OpenFiles.assertNoneUnder(folder);
        }
    }

    @Nested
    class Writing {
        @Test
        void putsArraysAndBuffersWhereTheyBelong() throws IOException {
            ByteBuf direct = ByteBufAllocator.DEFAULT.directBuffer().writeBytes("CD".getBytes(UTF_8));
            ByteBuf heap = Unpooled.copiedBuffer("xEFx", UTF_8).skipBytes(1).writerIndex(3);
            StepVerifier.create(AsyncFile.using(
                            path,
                            OpenOptions.readWrite(),
                            file -> Mono.when(
                                            file.write(0, "AB".getBytes(UTF_8)),
                                            file.write(2, direct),
                                            file.write(12, heap))
                                    .then(file.write(4, Unpooled.EMPTY_BUFFER))))
                    .expectNext(0L)
                    .verifyComplete();
            assertThat(Files.readString(path)).isEqualTo("ABCD456789\0\0EF");
            assertThat(direct.refCnt() + heap.refCnt()).isZero();
        }

        @Test
        void gathersPartsOfAllKinds() throws IOException {
            List<ByteBuf> parts = new ArrayList<>();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 3_000; i++) {
                String part = "p" + i;
                parts.add(ByteBufAllocator.DEFAULT.directBuffer().writeBytes(part.getBytes(UTF_8)));
                expected.append(part);
            }
            StepVerifier.create(AsyncFile.using(path, OpenOptions.readWrite(), file -> file.write(0, parts)))
                    .expectNext((long) expected.length())
                    .verifyComplete();
            assertThat(Files.readString(path)).isEqualTo(expected.toString());
            assertThat(parts).allMatch(part -> part.refCnt() == 0);
            ByteBuf large = Unpooled.wrappedBuffer(new byte[3 << 20], "end".getBytes(UTF_8));
            StepVerifier.create(AsyncFile.using(path, OpenOptions.readWrite(), file -> file.write(1, large)))
                    .expectNext((3L << 20) + 3)
                    .verifyComplete();
            assertThat(Files.readString(path)).startsWith("p\0").endsWith("\0end");
        }

        @Test
        void toAFileOpenedForReadingFailsAndReleasesTheBuffer() {
            ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer().writeByte(1);
            StepVerifier.create(AsyncFile.using(path, OpenOptions.read(), file -> file.write(0, bytes)))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageEndingWith("opened for reading only"));
            assertThat(bytes.refCnt()).isZero();
            StepVerifier.create(AsyncFile.using(path, OpenOptions.read(), file -> file.withLock(Mono.just(1))))
                    .verifyError(FileIoException.class);
            StepVerifier.create(AsyncFile.using(
                            path, OpenOptions.read(), file -> file.withLock(0, 1, true, Mono.just("shared"))))
                    .expectNext("shared")
                    .verifyComplete();
        }

        @Test
        void aBufferThatWasReleasedFails() {
            ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer().writeByte(1);
            bytes.release();
            StepVerifier.create(AsyncFile.using(path, OpenOptions.readWrite(), file -> file.write(0, bytes)))
                    .verifyError(io.netty.util.IllegalReferenceCountException.class);
        }

        @Test
        void thatIsCancelledBeforeItBeginsReleasesTheBuffer() {
            ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer().writeByte(1);
            StepVerifier.create(AsyncFile.using(path, OpenOptions.readWrite(), file -> {
                        StepVerifier.create(file.write(0, bytes), 0)
                                .thenCancel()
                                .verify();
                        return Mono.just(bytes.refCnt());
                    }))
                    .expectNext(0)
                    .verifyComplete();
        }
    }

    @Nested
    class Size {
        @Test
        void isToldCutAndExtended() {
            StepVerifier.create(AsyncFile.usingMany(
                            path,
                            OpenOptions.readWrite(),
                            file -> Flux.concat(
                                    file.size(),
                                    file.truncate(4).then(file.size()),
                                    file.truncate(100).then(file.size()),
                                    file.allocate(50, 200).then(file.size()),
                                    file.allocate(0, 10).then(file.size()),
                                    file.force(false).then(file.force(true)).then(file.size()))))
                    .expectNext(10L, 4L, 100L, 250L, 250L, 250L)
                    .verifyComplete();
            assertThat(path).hasContent("0123" + "\0".repeat(246));
        }
    }

    @Nested
    class Opening {
        @Test
        void createsAndEmptiesAsToldTo() throws IOException {
            Path fresh = folder.resolve("fresh \u20ac");
            StepVerifier.create(write(fresh, OpenOptions.readWrite())).verifyError(PathNotFoundException.class);
            StepVerifier.create(write(fresh, OpenOptions.read().withCreateNew()))
                    .expectNext(1L)
                    .verifyComplete();
            StepVerifier.create(write(fresh, OpenOptions.read().withCreateNew()))
                    .verifyError(FileExistsException.class);
            StepVerifier.create(write(path, OpenOptions.read().withCreate()))
                    .expectNext(1L)
                    .verifyComplete();
            assertThat(path).hasContent("x123456789");
            StepVerifier.create(write(path, OpenOptions.read().withTruncate()))
                    .expectNext(1L)
                    .verifyComplete();
            assertThat(path).hasContent("x");
            assertThat(fresh).hasContent("x");
            assertThat(OpenOptions.read().withCreate())
                    .hasToString("OpenOptions[readWrite, create=IF_MISSING, truncate=false]");
        }

        private Mono<Long> write(Path file, OpenOptions options) {
            return AsyncFile.using(file, options, opened -> opened.write(0, new byte[] {'x'}));
        }

        @Test
        void failuresNameThePathAndTheOperation() {
            StepVerifier.create(AsyncFile.open(folder.resolve("missing"), OpenOptions.read()))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(PathNotFoundException.class)
                            .hasMessage("open " + folder.resolve("missing") + ": no such file or directory"));
        }

        @Test
        void isNamedToWhoLooks() {
            AtomicReference<Object> name = new AtomicReference<>();
            AsyncFiles.open(new FileOperation("open", path), OpenOptions.read())
                    .subscribe(new BaseSubscriber<OpenFile>() {
                        @Override
                        protected void hookOnSubscribe(Subscription subscription) {
                            name.set(Scannable.from(subscription).scan(Scannable.Attr.NAME));
                            cancel();
                        }
                    });
            assertThat(name).hasValue("file open " + path);
        }
    }

    @Nested
    class Closing {
        @Test
        void comesAfterTheResultOfItsUseAndBeforeItIsTold() {
            StepVerifier.create(AsyncFile.using(
                                    path,
                                    OpenOptions.read(),
                                    file -> file.size()
                                            .doOnNext(size -> assertThat(OpenFiles.under(folder))
                                                    .hasSize(1)))
                            .map(size -> OpenFiles.under(folder)))
                    .assertNext(open -> assertThat(open).isEmpty())
                    .verifyComplete();
        }

        @Test
        void followsAFailureAndACancelOfTheUse() {
            StepVerifier.create(AsyncFile.using(
                            path, OpenOptions.read(), file -> Mono.error(new IllegalStateException("the use's"))))
                    .verifyErrorMessage("the use's");
            assertThat(OpenFiles.under(folder)).isEmpty();
            Sinks.One<Boolean> begun = Sinks.one();
            Disposable use = AsyncFile.using(path, OpenOptions.read(), file -> {
                        begun.tryEmitValue(true);
                        return Mono.never();
                    })
                    .subscribe();
            begun.asMono().block();
            use.dispose();
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void endsWhatComesLaterWithATypedError() {
            AsyncFile file = AsyncFile.open(path, OpenOptions.readWrite()).block();
            StepVerifier.create(file.close().then(file.close())).verifyComplete();
            assertThat(OpenFiles.under(folder)).isEmpty();
            ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer().writeByte(1);
            for (Mono<?> late : List.of(
                    file.read(0, 1),
                    file.write(0, bytes),
                    file.size(),
                    file.force(true),
                    file.truncate(0),
                    file.withLock(Mono.just(1)))) {
                StepVerifier.create(late)
                        .verifyErrorSatisfies(e -> assertThat(e)
                                .isInstanceOf(FileClosedException.class)
                                .hasMessageContaining(path + ": the file has been closed"));
            }
            assertThat(bytes.refCnt()).isZero();
        }

        @Test
        void waitsForWhatIsUnderWay() {
            for (int round = 0; round < 200; round++) {
                AsyncFile file = AsyncFile.open(path, OpenOptions.read()).block();
                AtomicInteger ended = new AtomicInteger();
                Flux.range(0, 8)
                        .flatMap(i -> file.read(i, 1).doOnNext(ByteBuf::release))
                        .subscribe(buffer -> ended.incrementAndGet());
                StepVerifier.create(file.close()).verifyComplete();
                OpenFiles.eventually(() -> ended.get() == 8);
            }
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void theFileSurvivesTheCancelOfAnOperation() {
            StepVerifier.create(AsyncFile.using(
                            path,
                            OpenOptions.read(),
                            file -> Flux.range(0, 500)
                                    .doOnNext(i -> file.read(0, 10)
                                            .doOnNext(ByteBuf::release)
                                            .subscribe()
                                            .dispose())
                                    .then(file.read(0, 10).map(AsyncFileTest::text))))
                    .expectNext("0123456789")
                    .verifyComplete();
        }

        @Test
        void isSureHoweverTheUseIsCancelled() {
            Flux.range(0, 2_000)
                    .flatMap(
                            round -> AsyncFile.usingMany(
                                            path,
                                            OpenOptions.readWrite(),
                                            file -> Flux.range(0, 20)
                                                    .flatMap(i -> file.read(i % 10, 3)
                                                            .flatMap(buffer -> file.write(20, buffer))))
                                    .takeUntilOther(Mono.delay(Duration.ofNanos(
                                            ThreadLocalRandom.current().nextLong(500_000))))
                                    .doOnDiscard(ByteBuf.class, ByteBuf::release)
                                    .then(),
                            16)
                    .blockLast();
            OpenFiles.assertNoneUnder(folder);
        }
    }

    @Nested
    class Locking {
        @Test
        void keepsOthersOfThisProcessOutAndWaits() {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Mono<Long> oneAtATime = AsyncFile.using(
                    path,
                    OpenOptions.readWrite(),
                    file -> file.withLock(Mono.defer(() -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        return file.size().doOnNext(size -> inside.decrementAndGet());
                    })));
            StepVerifier.create(Flux.range(0, 8).flatMap(i -> oneAtATime).count())
                    .expectNext(8L)
                    .verifyComplete();
            assertThat(most).hasValue(1);
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void mayBeSharedAndInParts() throws IOException {
            try (FileChannel other = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    FileLock held = other.lock(0, 5, false)) {
                assertThat(held.isValid()).isTrue();
                StepVerifier.create(AsyncFile.using(
                                path, OpenOptions.readWrite(), file -> file.withLock(5, 5, false, Mono.just("apart"))))
                        .expectNext("apart")
                        .verifyComplete();
            }
        }

        @Test
        void isCancelledWhileItWaitsAndTakenOnceItIsFree() throws IOException {
            Path locked = Files.writeString(folder.resolve("locked"), "");
            Sinks.Empty<Void> release = Sinks.empty();
            Sinks.Empty<Void> held = Sinks.empty();
            Mono<String> holder = AsyncFile.using(
                    locked,
                    OpenOptions.readWrite(),
                    file -> file.withLock(Mono.fromRunnable(held::tryEmitEmpty)
                            .then(release.asMono())
                            .thenReturn("held")));
            AtomicReference<String> told = new AtomicReference<>();
            holder.subscribe(told::set);
            held.asMono().block();
            Mono<String> waiter =
                    AsyncFile.using(locked, OpenOptions.readWrite(), file -> file.withLock(Mono.just("taken")));
            Disposable cancelled = waiter.subscribe(told::set);
            cancelled.dispose();
            OpenFiles.eventually(() -> OpenFiles.under(locked).size() <= 2);
            assertThat(told).hasNullValue();
            Mono<String> next = waiter.cache();
            next.subscribe();
            release.tryEmitEmpty();
            assertThat(next.block()).isEqualTo("taken");
            OpenFiles.assertNoneUnder(folder);
        }
    }

    @Test
    void operationsOnStandardFilesOfTheSystemWork() {
        Path zero = Path.of("/dev/zero");
        assumeTrue(Files.exists(zero));
        StepVerifier.create(AsyncFile.using(
                        zero, OpenOptions.read(), file -> file.read(0, 5).map(AsyncFileTest::text)))
                .expectNext("\0".repeat(5))
                .verifyComplete();
    }

    private static String text(ByteBuf buffer) {
        String text = buffer.toString(UTF_8);
        buffer.release();
        return text;
    }
}
