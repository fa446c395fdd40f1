package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/**
 * Random calls from several threads: some block, some throw, some submit another, some are cancelled at some time or other, and the
 * pool is closed in the middle. Each ends exactly once, none starts with the interrupt flag set, and the statistics add up.
 */
class AccountingTest {
    private static final int SUBMITTERS = 3;
    private static final int CALLS = 20_000;

    private final AtomicInteger flagsSeen = new AtomicInteger();
    private final AtomicInteger endedTwice = new AtomicInteger();
    private final AtomicInteger bodies = new AtomicInteger();

    static Stream<Threads> kinds() {
        return Runtime.version().feature() >= 21 ? Stream.of(Threads.values()) : Stream.of(Threads.PLATFORM);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachCallEndsOnce(Threads kind) throws Exception {
        SplittableRandom seeds = new SplittableRandom(42);
        for (int threads : new int[] {1, 2, 5}) {
            for (End end : End.values()) {
                run(new Offload("accounts", threads, 40, kind, false), end, seeds.split());
            }
        }
    }

    private enum End {
        OPEN,
        CLOSE,
        CLOSE_NOW
    }

    private void run(Offload pool, End end, SplittableRandom seeds) throws Exception {
        List<List<Ended>> calls = new ArrayList<>();
        List<Thread> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            List<Ended> mine = new ArrayList<>();
            SplittableRandom random = seeds.split();
            calls.add(mine);
            Thread submitter = new Thread(() -> submit(pool, random, mine, end));
            submitters.add(submitter);
            submitter.start();
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        pool.close();
        pool.terminated().block();

        long all = 0;
        for (List<Ended> mine : calls) {
            for (Ended ended : mine) {
                all++;
                if (!ended.cancelled) {
                    ended.known.await(); // each one that was not cancelled hears its end
                }
            }
        }
        Offload.Statistics total = pool.statistics();
        assertThat(total.active()).isZero();
        assertThat(total.queued()).isZero();
        assertThat(total.done() + total.failed() + total.cancelled() + total.rejected())
                .as("%s", total)
                .isEqualTo(all);
        assertThat(flagsSeen.getAndSet(0))
                .matches(flags -> flags == 0 || end == End.CLOSE_NOW); // which interrupts all that run
        assertThat(endedTwice).hasValue(0);
        assertThat(total.done() + total.failed()).isLessThanOrEqualTo(bodies.get());
    }

    private void submit(Offload pool, SplittableRandom random, List<Ended> mine, End end) {
        for (int i = 0; i < CALLS / SUBMITTERS; i++) {
            if (end != End.OPEN && i == CALLS / SUBMITTERS / 2) {
                if (end == End.CLOSE) {
                    pool.close();
                } else {
                    pool.closeNow();
                }
            }
            int what = random.nextInt(8);
            Ended ended = new Ended();
            mine.add(ended);
            pool.call(() -> body(what)).subscribe(ended);
            if (what == 1) {
                ended.giveUp();
            } else if (what == 2 || what == 7) {
                for (int spin = random.nextInt(400); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                ended.giveUp();
            } else if (random.nextInt(30) == 0) {
                LockSupport.parkNanos(50_000); // lets the workers fall asleep
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint to the scheduler, to make trouble likelier
    private int body(int what) throws Exception {
        bodies.incrementAndGet();
        boolean mayBeCancelled = what == 1 || what == 2 || what == 7;
        if (Thread.currentThread().isInterrupted() && !mayBeCancelled) {
            flagsSeen.incrementAndGet();
        }
        switch (what) {
            case 3 -> throw new IllegalStateException("made up");
            case 4 -> Thread.yield();
            case 5 -> {
                for (int spin = ThreadLocalRandom.current().nextInt(2000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
            }
            case 6 -> Thread.currentThread().interrupt();
            case 7 -> new CountDownLatch(1).await(); // until it is cancelled
            default -> {}
        }
        return what;
    }

    private final class Ended extends BaseSubscriber<Integer> {
        private final CountDownLatch known = new CountDownLatch(1);
        private final AtomicInteger ends = new AtomicInteger();
        private boolean cancelled;

        void giveUp() {
            cancelled = true;
            cancel();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnError(Throwable error) {
            // counted below
        }

        @Override
        protected void hookFinally(SignalType type) {
            if (type != SignalType.CANCEL && ends.incrementAndGet() > 1) {
                endedTwice.incrementAndGet();
            }
            known.countDown();
        }
    }
}
