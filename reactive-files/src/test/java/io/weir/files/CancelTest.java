package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Whatever is cancelled, and whenever: no descriptor stays open, no buffer is leaked. */
class CancelTest {
    private static final int ROUNDS = 2_000;
    private static final int AT_ONCE = 16;

    private final Path folder;
    private final Path file;

    CancelTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = Files.writeString(folder.resolve("file"), "some line\n".repeat(20_000));
    }

    @Test
    void readsCancelledAtRandomMomentsCloseTheirFile() {
        ReadOptions options = ReadOptions.defaults().withChunkSize(4 << 10);
        cancelAtRandom(() -> AsyncFiles.read(file, options).doOnNext(ByteBuf::release));
    }

    @Test
    void readsAskedForFromAnotherThreadCloseTheirFileToo() {
        ReadOptions options = ReadOptions.defaults().withChunkSize(4 << 10);
        cancelAtRandom(() -> AsyncFiles.read(file, options)
                .map(buffer -> buffer.release())
                .concatMap(released -> Mono.just(released).subscribeOn(Schedulers.parallel()), 2));
    }

    @Test
    void linesCancelledAtRandomMomentsCloseTheirFile() {
        cancelAtRandom(() -> AsyncFiles.lines(file).concatMap(Mono::just, 100));
    }

    @Test
    void wholeReadsCancelledAtRandomMomentsCloseTheirFile() {
        ReadOptions options = ReadOptions.defaults().withChunkSize(1 << 10);
        cancelAtRandom(() -> AsyncFiles.readString(file, options));
    }

    @Test
    void writesCancelledAtRandomMomentsReleaseWhatTheyWereGiven() {
        ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();
        cancelAtRandom(() -> {
            Path target = folder.resolve("w" + ThreadLocalRandom.current().nextInt(50));
            Flux<ByteBuf> source = Flux.range(0, 200).map(i -> {
                ByteBuf buffer =
                        PooledByteBufAllocator.DEFAULT.directBuffer(1_000).writeZero(1_000);
                given.add(buffer);
                return buffer;
            });
            // Not publishOn: what its own queue holds when it is cancelled is not for this test to prove.
            boolean here = ThreadLocalRandom.current().nextBoolean();
            return AsyncFiles.write(target, here ? source : source.subscribeOn(Schedulers.parallel()));
        });
        OpenFiles.eventually(() -> given.stream().allMatch(buffer -> buffer.refCnt() == 0));
        assertThat(given).isNotEmpty();
    }

    @Test
    void takingAFewLinesClosesTheFile() {
        StepVerifier.create(AsyncFiles.lines(file).take(3)).expectNextCount(3).verifyComplete();
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void aCancelBeforeTheSubscribersReturnIsSeen() {
        for (int round = 0; round < ROUNDS; round++) {
            AsyncFiles.lines(file).subscribe().dispose();
            AsyncFiles.write(folder.resolve("w"), "x").subscribe().dispose();
        }
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void anIdleReadIsClosedAtOnce() {
        StepVerifier.create(AsyncFiles.lines(file), 1)
                .expectNextCount(1)
                .then(() -> assertThat(OpenFiles.under(folder)).hasSize(1))
                .thenCancel()
                .verify();
        OpenFiles.assertNoneUnder(folder);
    }

    private void cancelAtRandom(Supplier<Publisher<?>> operation) {
        Flux.range(0, ROUNDS)
                .flatMap(
                        round -> {
                            long nanos = ThreadLocalRandom.current().nextLong(300_000);
                            return Mono.create(sink -> {
                                Disposable running =
                                        Flux.from(operation.get()).subscribe(element -> {}, sink::error, sink::success);
                                sink.onDispose(running);
                                Mono.delay(Duration.ofNanos(nanos)).subscribe(tick -> {
                                    running.dispose();
                                    sink.success();
                                });
                            });
                        },
                        AT_ONCE)
                .blockLast();
        OpenFiles.assertNoneUnder(folder);
    }
}
