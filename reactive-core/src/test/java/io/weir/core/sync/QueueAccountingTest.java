package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;

/**
 * Many threads put, take and cancel at random; then every element is accounted for: delivered once, or returned to its
 * putter by an error or a cancel that won, or drained by the close.
 */
class QueueAccountingTest {
    private static final int THREADS = 4;
    private static final int EACH = 30_000;

    /** What became of each element: how often it was delivered, refused or cancelled, or drained. */
    private final AtomicIntegerArray delivered = new AtomicIntegerArray(THREADS * EACH);

    private final AtomicIntegerArray accepted = new AtomicIntegerArray(THREADS * EACH);
    private final AtomicIntegerArray refused = new AtomicIntegerArray(THREADS * EACH);
    private final AtomicIntegerArray drained = new AtomicIntegerArray(THREADS * EACH);
    private final AtomicLong takesOpen = new AtomicLong();

    @RepeatedTest(6)
    void everyElementIsAccountedFor(RepetitionInfo repetition) {
        int capacity = List.of(1, 2, 7, 64, 1000, 1).get(repetition.getCurrentRepetition() - 1);
        boolean closeMidway = repetition.getCurrentRepetition() % 2 == 0;
        AsyncQueue<Integer> queue = AsyncQueue.<Integer>bounded(capacity).onDiscard(drained::incrementAndGet);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int first = t * EACH;
            threads.add(onThread(() -> produce(queue, first, closeMidway)));
            threads.add(onThread(() -> consume(queue, first)));
        }
        threads.forEach(CompletableFuture::join);
        queue.closeNow(null);

        for (int i = 0; i < THREADS * EACH; i++) {
            int ends = delivered.get(i) + drained.get(i);
            assertThat(ends).as("element %d came out", i).isLessThanOrEqualTo(1);
            assertThat(accepted.get(i)).as("element %d told to its putter", i).isLessThanOrEqualTo(1);
            if (accepted.get(i) == 1) {
                assertThat(ends).as("element %d was accepted, and came out", i).isEqualTo(1);
            }
            if (refused.get(i) == 1) {
                assertThat(ends)
                        .as("element %d was refused, and did not come out", i)
                        .isZero();
            }
        }
        assertThat(takesOpen).as("every take that was not cancelled has ended").hasValue(0);
        assertThat(queue.size()).isZero();
        assertThat(queue.takers.first()).isNull();
        assertThat(queue.putters.first()).isNull();
        queue.join().block(); // what was drained or reported done: nothing is outstanding
    }

    private void produce(AsyncQueue<Integer> queue, int first, boolean closeMidway) {
        SplittableRandom random = new SplittableRandom(first + 1L);
        for (int i = first; i < first + EACH; i++) {
            int element = i;
            if (random.nextInt(4) == 0) {
                if (queue.tryPut(element)) {
                    accepted.incrementAndGet(element);
                } else {
                    refused.incrementAndGet(element);
                }
                continue;
            }
            BaseSubscriber<Void> put = new BaseSubscriber<>() {
                @Override
                protected void hookOnComplete() {
                    accepted.incrementAndGet(element);
                }

                @Override
                protected void hookOnError(Throwable error) {
                    assertThat(error).isInstanceOf(QueueClosedException.class);
                    refused.incrementAndGet(element);
                }
            };
            queue.put(element).subscribe(put);
            if (random.nextInt(3) == 0) {
                put.cancel();
            }
            if (closeMidway && i == first + EACH / 2 && first == 0) {
                queue.close();
            }
        }
    }

    private void consume(AsyncQueue<Integer> queue, int seed) {
        SplittableRandom random = new SplittableRandom(-seed);
        for (int i = 0; i < EACH; i++) {
            if (random.nextInt(5) == 0) {
                Integer element = queue.tryTake();
                if (element != null) {
                    arrived(queue, element);
                }
                continue;
            }
            BaseSubscriber<Integer> take = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Integer element) {
                    arrived(queue, element);
                }

                @Override
                protected void hookOnError(Throwable error) {
                    assertThat(error).isInstanceOf(QueueClosedException.class);
                }

                @Override
                protected void hookFinally(SignalType end) {
                    takesOpen.decrementAndGet();
                }
            };
            takesOpen.incrementAndGet();
            if (random.nextInt(50) == 0) {
                queue.asFlux().take(1 + random.nextInt(5)).subscribe(take);
            } else {
                queue.take().subscribe(take);
            }
            if (random.nextInt(2) == 0) {
                take.cancel();
            }
        }
    }

    private void arrived(AsyncQueue<Integer> queue, int element) {
        delivered.incrementAndGet(element);
        queue.taskDone();
    }

    private static CompletableFuture<Void> onThread(Runnable work) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                work.run();
                end.complete(null);
            } catch (Throwable t) {
                end.completeExceptionally(t);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }
}
