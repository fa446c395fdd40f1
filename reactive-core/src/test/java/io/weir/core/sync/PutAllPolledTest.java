package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** {@code putAll} of sources whose elements are there already. */
class PutAllPolledTest {
    private final List<Object> discarded = new ArrayList<>();

    private Mono<Void> putAll(AsyncQueue<Integer> queue, Flux<Integer> source) {
        return queue.putAll(source).doOnDiscard(Integer.class, discarded::add);
    }

    @TestFactory
    Stream<DynamicTest> takesAsManyAsThereIsRoomForInOneTurn() {
        List<Integer> numbers = Stream.iterate(0, i -> i + 1).limit(200).toList();
        return Stream.of(
                        Flux.range(0, 200),
                        Flux.fromIterable(numbers),
                        Flux.fromArray(numbers.toArray(new Integer[0])),
                        Flux.just(numbers.toArray(new Integer[0])))
                .map(source -> DynamicTest.dynamicTest(source.toString(), () -> {
                    AsyncQueue<Integer> queue = AsyncQueue.bounded(64);
                    queue.putAll(source).subscribe();
                    assertThat(queue.size()).isEqualTo(64);
                    // The stream takes all 64, and all 64 that wait enter in that turn.
                    StepVerifier.create(queue.asFlux(), 0)
                            .thenRequest(1)
                            .expectNext(0)
                            .then(() ->
                                    assertThat(queue.statistics().accepted()).isEqualTo(65))
                            .thenRequest(64)
                            .expectNextCount(64)
                            .then(() ->
                                    assertThat(queue.statistics().accepted()).isEqualTo(129))
                            .thenRequest(Long.MAX_VALUE)
                            .expectNextCount(135)
                            .thenCancel()
                            .verify();
                    assertThat(queue.core.sources.size() + queue.core.putters.size())
                            .isZero();
                }));
    }

    @Test
    void pollsAtMostAsManyAheadAsItWouldRequest() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(4);
        AtHand source = new AtHand(1_000, i -> i);
        Disposable running = queue.putAll(source).subscribe();
        assertThat(source.polled).hasValue(8);
        for (int i = 0; i < 500; i++) {
            assertThat(queue.tryTake()).isEqualTo(i);
            assertThat(source.polled.get()).isBetween(i + 1 + 5, i + 1 + 8);
        }
        running.dispose();
        assertThat(source.cancels).hasValue(1);
        assertThat(source.mistakes).hasValue(0);
    }

    @Test
    void doesNotHoldAnElementBackForOneThatHasToBeComputed() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(64);
        Flux<Integer> computed = Flux.range(0, 10).map(i -> {
            assertThat(queue.size()).isEqualTo(i);
            return i;
        });
        StepVerifier.create(queue.putAll(computed)).verifyComplete();
        Flux<Integer> generated = Flux.fromIterable(() -> Stream.iterate(10, i -> i + 1)
                .limit(10)
                .peek(i -> assertThat(queue.size()).isBetween(i - 1, i))
                .iterator());
        StepVerifier.create(queue.putAll(generated)).verifyComplete();
        assertThat(queue.size()).isEqualTo(20);
    }

    @Test
    void keepsTheOrderAndEndsWhenTheLastHasEntered() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(3);
        Flux<Integer> taken = queue.asFlux().publishOn(Schedulers.parallel(), 1);
        StepVerifier.create(Flux.merge(
                                queue.putAll(Flux.range(0, 10_000))
                                        .doOnSuccess(end -> queue.close())
                                        .then(Mono.empty()),
                                taken)
                        .index()
                        .filter(t -> t.getT1() != (long) t.getT2()))
                .verifyComplete();
    }

    @Test
    void anErrorComesAfterWhatCameBeforeItHasEntered() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
        AtHand source = new AtHand(9, i -> {
            if (i == 3) {
                throw new IllegalStateException("why");
            }
            return i;
        });
        StepVerifier.create(putAll(queue, source))
                .then(() -> assertThat(queue.tryTake()).isZero())
                .verifyErrorMessage("why");
        assertThat(queue.size()).isEqualTo(2);
        assertThat(discarded).isEmpty();
    }

    @Test
    void cancelledItCancelsTheSourceAndDiscardsWhatHadNotEntered() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
        AtHand source = new AtHand(9, i -> i);
        Disposable running = putAll(queue, source).subscribe();
        running.dispose();
        assertThat(queue.core.putters.size() + queue.core.sources.size()).isZero();
        assertThat(discarded).containsExactly(2, 3);
        assertThat(source.cancels).hasValue(1);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void closedItFailsCancelsTheSourceAndDiscardsWhatHadNotEntered() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
        AtHand source = new AtHand(9, i -> i);
        StepVerifier.create(putAll(queue, source)).then(queue::close).verifyError(QueueClosedException.class);
        assertThat(discarded).containsExactly(2, 3);
        assertThat(source.cancels).hasValue(1);
        StepVerifier.create(putAll(queue, source)).verifyError(QueueClosedException.class);
        assertThat(source.cancels).hasValue(2);
        assertThat(source.mistakes).hasValue(0);
    }

    @TestFactory
    Stream<DynamicTest> anEndWhileItPollsLeavesTheSourceToThePuller() {
        return Stream.<Function<AsyncQueue<Integer>, Runnable>>of(queue -> queue::close, queue -> () -> {})
                .map(end -> DynamicTest.dynamicTest("end", () -> {
                    discarded.clear();
                    AsyncQueue<Integer> queue = AsyncQueue.bounded(8);
                    Disposable.Swap running = Disposables.swap();
                    AtHand source = new AtHand(90, i -> {
                        if (i == 11) { // in the middle of its second batch
                            end.apply(queue).run();
                            if (!queue.isClosed()) {
                                running.dispose();
                            }
                        }
                        return i;
                    });
                    queue.putAll(source)
                            .doOnDiscard(Integer.class, discarded::add)
                            .doOnSubscribe(s -> running.update(s::cancel))
                            .subscribe(null, error -> {});
                    assertThat(queue.size()).isEqualTo(8);
                    assertThat(discarded).containsExactly(8, 9, 10, 11);
                    assertThat(source.cancels).hasValue(1);
                    assertThat(source.mistakes).hasValue(0);
                }));
    }

    @Test
    void aComparatorThatThrowsFailsItAndLosesNothing() {
        AsyncQueue<Integer> strict = AsyncQueue.priority(9, Comparator.comparing(i -> {
            if (i == 3) {
                throw new IllegalStateException("not three");
            }
            return i;
        }));
        AtHand source = new AtHand(7, i -> i + 1);
        StepVerifier.create(putAll(strict, source)).verifyErrorMessage("not three");
        assertThat(strict.size()).isEqualTo(2);
        assertThat(discarded).containsExactly(3, 4, 5, 6, 7);
        assertThat(source.cancels).hasValue(1);
    }

    @Test
    void eachElementThatWasPolledIsTakenOrDiscardedOnce() throws InterruptedException {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int count = 1 + random.nextInt(300);
            int takes = random.nextInt(count + 20);
            AtomicIntegerArray ends = new AtomicIntegerArray(count);
            AsyncQueue<Integer> queue =
                    AsyncQueue.<Integer>bounded(1 + random.nextInt(70)).onDiscard(ends::incrementAndGet);
            AtHand source = new AtHand(count, i -> i);
            Disposable.Swap putting = Disposables.swap();
            Thread putter = new Thread(() -> queue.putAll(source)
                    .doOnDiscard(Integer.class, ends::incrementAndGet)
                    .doOnSubscribe(s -> putting.update(s::cancel))
                    .subscribe(null, error -> {}));
            Thread taker = new Thread(() -> {
                for (int i = 0; i < takes; i++) {
                    Integer next = queue.tryTake();
                    if (next != null) {
                        ends.incrementAndGet(next);
                    }
                }
            });
            putter.start();
            taker.start();
            for (int i = random.nextInt(2_000); i > 0; i--) {
                Thread.onSpinWait();
            }
            if (random.nextBoolean()) {
                queue.closeNow(null);
            } else {
                putting.dispose();
            }
            putter.join();
            taker.join();
            for (Integer left = queue.tryTake(); left != null; left = queue.tryTake()) {
                ends.incrementAndGet(left);
            }
            for (int i = 0; i < count; i++) {
                assertThat(ends.get(i)).as("element %d, seed %d", i, seed).isEqualTo(i < source.polled.get() ? 1 : 0);
            }
            assertThat(source.mistakes).as("seed %d", seed).hasValue(0);
            assertThat(source.cancels.get()).as("seed %d", seed).isLessThan(2);
            assertThat(queue.core.putters.size() + queue.core.sources.size()).isZero();
        }
    }
}
