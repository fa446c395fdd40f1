package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class WorkerLoopTest {
    private static final ReadOptions SMALL_CHUNKS = ReadOptions.defaults().withChunkSize(2);

    private final Path folder;

    WorkerLoopTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private final HandScheduler hand = new HandScheduler();
    private final ThreadEngine engine = new ThreadEngine(() -> hand);

    @Test
    void withoutDemandTheFileIsOpenedAndTheWorkerGivenBack() throws IOException {
        StepVerifier.create(lines("a\nb\n"), 0)
                .expectSubscription()
                .then(() -> assertThat(hand.runAll()).isEqualTo(1))
                .then(() -> assertThat(OpenFiles.under(folder)).hasSize(1))
                .thenCancel()
                .verify();
        assertThat(hand.runAll()).isEqualTo(1);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void aCancelBeforeTheFileIsOpenedOpensNothing() throws IOException {
        StepVerifier.create(lines("a\nb\n"), 0).thenCancel().verify();
        AtomicInteger opened = new AtomicInteger();
        CursorFlux.<String>create(
                        new FileOperation("lines", folder),
                        () -> {
                            opened.incrementAndGet();
                            throw new IOException("opened");
                        },
                        () -> hand)
                .subscribe()
                .dispose();
        hand.runAll();
        assertThat(opened).hasValue(0);
    }

    @Test
    void aWriteThatIsNotAskedForTouchesNothing() {
        Path file = folder.resolve("f");
        StepVerifier.create(engine.write(new FileOperation("write", file), new byte[1], WriteOptions.overwrite()), 0)
                .expectSubscription()
                .then(() -> assertThat(hand.waiting()).isZero())
                .thenCancel()
                .verify();
        assertThat(hand.waiting()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aBurstTakesOneWorkerHoweverManyAskMeanwhile() throws IOException {
        List<String> seen = new ArrayList<>();
        BaseSubscriber<String> oneByOne = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(String line) {
                seen.add(line);
                request(1); // from inside the turn
            }
        };
        lines("a\nb\nc\n").subscribe(oneByOne);
        assertThat(hand.waiting()).isEqualTo(1);
        hand.runOne();
        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(hand.waiting()).isZero();
        assertThat(oneByOne.isDisposed()).isTrue();
    }

    @Test
    void theWorkerIsGivenBackWhenDemandIsMet() throws IOException {
        StepVerifier.create(lines("a\nb\n"), 1)
                .then(() -> assertThat(hand.runAll()).isEqualTo(1))
                .expectNext("a")
                .then(() -> assertThat(hand.waiting()).isZero())
                .thenRequest(9)
                .then(() -> assertThat(hand.runAll()).isEqualTo(1))
                .expectNext("b")
                .verifyComplete();
    }

    @Test
    void aLongTurnLetsOtherFilesHaveTheirs() throws IOException {
        hand.makeTurnsShort();
        List<String> order = new ArrayList<>();
        lines("a1\na2\na3\n").subscribe(order::add);
        lines("b1\nb2\nb3\n").subscribe(order::add);
        hand.runAll();
        assertThat(order).containsExactly("a1", "b1", "a2", "b2", "a3", "b3");
    }

    @Test
    void aYieldThatIsRefusedKeepsItsWorker() throws IOException {
        hand.makeTurnsShort();
        List<String> seen = new ArrayList<>();
        lines("a\nb\nc\n").subscribe(seen::add);
        hand.refuse(true);
        hand.runOne();
        assertThat(seen).containsExactly("a", "b", "c");
    }

    @Test
    void aReadThatIsRefusedFailsAndClosesTheFile() throws IOException {
        StepVerifier.create(lines("a\nb\n"), 1)
                .then(hand::runAll)
                .expectNext("a")
                .then(() -> assertThat(OpenFiles.under(folder)).hasSize(1))
                .then(() -> hand.refuse(true))
                .thenRequest(1)
                .verifyError(RejectedExecutionException.class);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void aCancelThatIsRefusedStillClosesTheFile() throws IOException {
        StepVerifier.create(lines("a\nb\n"), 1)
                .then(hand::runAll)
                .expectNext("a")
                .then(() -> hand.refuse(true))
                .thenCancel()
                .verify();
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void aWriteThatIsRefusedHalfWayCancelsItsSourceAndKeepsNothing() {
        Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
        AtomicInteger cancels = new AtomicInteger();
        Path file = folder.resolve("f");
        StepVerifier.create(engine.writeLines(
                        new FileOperation("write", file),
                        source.asFlux().doOnCancel(cancels::incrementAndGet),
                        WriteOptions.overwrite().atomically()))
                .then(hand::runAll)
                .then(() -> source.tryEmitNext("a").orThrow())
                .then(hand::runAll)
                .then(() -> hand.refuse(true))
                .then(() -> source.tryEmitNext("b").orThrow())
                .verifyError(RejectedExecutionException.class);
        assertThat(cancels).hasValue(1);
        assertThat(folder).isEmptyDirectory();
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void aSubscriberThatThrowsLeavesNoFileOpen() throws IOException {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            lines("a\nb\n").subscribe(new ThrowingSubscriber());
            hand.runAll();
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).singleElement().isInstanceOf(ThrowingSubscriber.Mistake.class);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void noSignalIsLostBetweenThreads() throws Exception {
        Scheduler workers = Schedulers.newParallel("turns", 2);
        try {
            for (int round = 0; round < 200; round++) {
                Counting counting = new Counting(workers);
                int each = 500;
                CountDownLatch ready = new CountDownLatch(2);
                Runnable signals = () -> {
                    ready.countDown();
                    for (int i = 0; i < each; i++) {
                        counting.added.incrementAndGet();
                        counting.signal();
                    }
                };
                Thread other = new Thread(signals);
                other.start();
                signals.run();
                other.join();
                OpenFiles.eventually(() -> counting.seen == 2 * each);
                assertThat(counting.overlapped).isFalse();
            }
        } finally {
            workers.dispose();
        }
    }

    @Test
    void aLoopThatNeverRestsForgetsTheSignalsItHasSeen() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        Always always = new Always(hand, turns);
        always.signal();
        for (int i = 0; i < 1_000; i++) {
            always.signal();
            hand.runOne();
        }
        assertThat(turns).hasValue(1_000);
        // Counted on and on they would come round to zero, which is how two workers come to take the same turn.
        Field signals = WorkerLoop.class.getDeclaredField("signals");
        signals.setAccessible(true);
        assertThat(signals.getInt(always)).isBetween(1, 2);
    }

    @Test
    void whatIsSignalledWhileARefusalIsToldAsksForAWorkerOfItsOwn() {
        AtomicInteger turns = new AtomicInteger();
        List<String> order = new ArrayList<>();
        WorkerLoop loop = new Always(hand, turns) {
            private boolean refused;

            @Override
            void rejected(Throwable t) {
                refused = true;
            }

            @Override
            boolean turn() {
                order.add(refused ? "told" : "worked");
                if (refused) {
                    refused = false;
                    hand.refuse(false);
                    signal(); // as another thread may, when all has been told
                }
                return false;
            }
        };
        hand.refuse(true);
        loop.signal();
        assertThat(order).containsExactly("told");
        assertThat(hand.runAll()).isEqualTo(1);
        assertThat(order).containsExactly("told", "worked");
    }

    @Test
    void optionsOutOfBoundsAreRefused() {
        ReadOptions defaults = ReadOptions.defaults();
        assertThatThrownBy(() -> defaults.withChunkSize(0)).hasMessageContaining("chunkSize");
        assertThatThrownBy(() -> defaults.withMaxSize(-1)).hasMessageContaining("maxSize");
        assertThatThrownBy(() -> defaults.withMaxLineLength(0)).hasMessageContaining("maxLineLength");
    }

    private Flux<String> lines(String content) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "lines", ""), content);
        return engine.lines(new FileOperation("lines", file), SMALL_CHUNKS);
    }

    /** Never refused, and nothing is thrown in its turns. */
    private abstract static class Undisturbed extends WorkerLoop {
        Undisturbed(Scheduler workers) {
            super(workers);
        }

        @Override
        boolean needsWorker() {
            return true;
        }

        @Override
        void rejected(Throwable t) {
            throw new AssertionError(t);
        }

        @Override
        void abandon(Throwable thrown) {
            throw new AssertionError(thrown);
        }
    }

    /** Has always more to do. */
    private static class Always extends Undisturbed {
        private final AtomicInteger turns;

        Always(Scheduler workers, AtomicInteger turns) {
            super(workers);
            this.turns = turns;
        }

        @Override
        boolean turn() {
            turns.incrementAndGet();
            return true;
        }
    }

    private static final class Counting extends Undisturbed {
        final AtomicInteger added = new AtomicInteger();
        volatile int seen;
        volatile boolean overlapped;
        private volatile boolean running;

        Counting(Scheduler workers) {
            super(workers);
        }

        @Override
        boolean turn() {
            overlapped |= running;
            running = true;
            seen = added.get();
            running = false;
            return seen % 3 == 0 && turnIsOver();
        }
    }
}
