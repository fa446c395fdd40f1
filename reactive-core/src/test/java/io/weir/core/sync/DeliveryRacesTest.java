package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

/**
 * Interleavings that were wrong once, each driven by hand on one thread. What stands between a delivery's decision and its
 * signal is made to happen there by holding the turnstile, so that several waiters become ready at once, and by having
 * the first one's signal do it.
 */
class DeliveryRacesTest {

    @Nested
    class AStreamCancelledBetweenDecisionAndSignal {
        /** Hands 1 to a take and the next element to a stream; the take's signal cancels the stream. */
        private void cancelAtDelivery(AsyncQueue<Integer> queue, int next) {
            List<Integer> emitted = new ArrayList<>();
            BaseSubscriber<Integer> stream = new BaseSubscriber<>() {
                @Override
                protected void hookOnNext(Integer element) {
                    emitted.add(element);
                }
            };
            queue.take().subscribe(first -> stream.cancel());
            queue.asFlux().subscribe(stream);
            queue.core.turnstile.enter();
            queue.put(1).subscribe();
            queue.put(next).subscribe();
            queue.core.turnstile.exit();
            assertThat(emitted).isEmpty();
        }

        @Test
        void leavesTheElementInAPriorityQueueBeforeItsEquals() {
            AsyncQueue<Integer> queue = AsyncQueue.priority(9, Comparator.comparing(i -> i % 10));
            cancelAtDelivery(queue, 12);
            for (int element : List.of(3, 2, 1)) {
                queue.tryPut(element);
            }
            assertThat(drain(queue)).containsExactly(1, 12, 2, 3);
        }

        @Test
        void leavesTheElementInALastInFirstOutQueueAsTheNextToLeave() {
            AsyncQueue<Integer> queue = AsyncQueue.lifo(9);
            cancelAtDelivery(queue, 2);
            assertThat(drain(queue)).containsExactly(2);
        }

        @Test
        void discardsTheElementThatAComparatorRefusesToTakeBack() {
            List<Integer> discarded = new ArrayList<>();
            List<Integer> fails = new ArrayList<>();
            AsyncQueue<Integer> queue = AsyncQueue.<Integer>priority(9, (a, b) -> {
                        if (!fails.isEmpty()) {
                            throw new IllegalStateException("a comparator's");
                        }
                        return Integer.compare(a, b);
                    })
                    .onDiscard(discarded::add);
            BaseSubscriber<Integer> stream = new BaseSubscriber<>() {};
            queue.take().subscribe(first -> {
                queue.tryPut(7);
                fails.add(1);
                stream.cancel();
            });
            queue.asFlux().limitRate(1).subscribe(stream);
            queue.core.turnstile.enter();
            queue.put(1).subscribe();
            queue.put(2).subscribe();
            queue.core.turnstile.exit();
            assertThat(discarded).containsExactly(2);
            assertThat(queue.size()).isEqualTo(1);
        }
    }

    @Test
    void aStreamWithoutDemandIsNotToldTheEndWhileTheLastElementMayComeBack() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
        queue.tryPut(1);
        queue.close();
        List<Object> seen = new ArrayList<>();
        BaseSubscriber<Integer> idle = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Integer element) {
                seen.add(element);
            }

            @Override
            protected void hookOnComplete() {
                seen.add("complete");
            }
        };
        queue.asFlux().subscribe(idle);
        BaseSubscriber<Integer> stream = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        queue.asFlux().subscribe(stream);
        queue.core.turnstile.enter();
        stream.request(1); // takes the last element
        stream.cancel(); // and gives it back
        queue.core.turnstile.exit();
        assertThat(seen).isEmpty();
        assertThat(queue.size()).isEqualTo(1);
        idle.request(1);
        assertThat(seen).containsExactly(1, "complete");
    }

    @Test
    void aRingTakesAnElementBackAtTheEndItLeavesBy() {
        Ring<Integer> ring = new Ring<>(true);
        ring.add(1);
        ring.add(2);
        ring.giveBack(3);
        List<Integer> drained = new ArrayList<>();
        ring.drainTo(drained);
        assertThat(drained).containsExactly(3, 2, 1);
    }

    @Test
    void closeNowDrainsWhateverTheComparatorDoes() {
        List<Integer> drained = new ArrayList<>();
        List<Integer> fails = new ArrayList<>();
        AsyncQueue<Integer> queue = AsyncQueue.<Integer>priority(9, (a, b) -> {
                    if (!fails.isEmpty()) {
                        throw new IllegalStateException("a comparator's");
                    }
                    return Integer.compare(a, b);
                })
                .onDiscard(drained::add);
        for (int i = 0; i < 5; i++) {
            queue.tryPut(i);
        }
        fails.add(1);
        queue.closeNow(null);
        assertThat(drained).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(queue.size()).isZero();
        queue.join().block();
    }

    @Test
    void aTaskReportedDoneBeforeItsElementIsDrainedLeavesNoJoinWaiting() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
        queue.tryPut(1);
        queue.taskDone(); // too early, and not noticed: one was accepted
        queue.closeNow(null);
        List<String> seen = new ArrayList<>();
        queue.join().subscribe(nothing -> {}, error -> {}, () -> seen.add("joined"));
        assertThat(seen).containsExactly("joined");
    }

    @Nested
    class ASection {
        private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);

        @Test
        void cancelledBetweenTheValueAndTheEndDiscardsTheValue() {
            List<Object> discarded = new ArrayList<>();
            TestPublisher<Integer> body =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            Disposable running = semaphore
                    .withPermit(Mono.fromDirect(body))
                    .doOnDiscard(Integer.class, discarded::add)
                    .subscribe();
            body.next(7);
            running.dispose();
            assertThat(discarded).containsExactly(7);
            assertThat(semaphore.available()).isEqualTo(1);
        }

        @Test
        void cancelledWhileItsBodyIsBeingSubscribedKeepsThePermitUntilThatCodeHasReturned() {
            AtomicInteger availableInside = new AtomicInteger(-1);
            BaseSubscriber<Integer> section = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {}
            };
            semaphore
                    .withPermit(Mono.<Integer>defer(() -> {
                        section.cancel();
                        availableInside.set(semaphore.available());
                        return Mono.never();
                    }))
                    .subscribe(section);
            section.request(1);
            assertThat(availableInside).hasValue(0);
            assertThat(semaphore.available()).isEqualTo(1);
        }
    }

    private static List<Integer> drain(AsyncQueue<Integer> queue) {
        List<Integer> elements = new ArrayList<>();
        for (Integer next = queue.tryTake(); next != null; next = queue.tryTake()) {
            elements.add(next);
        }
        return elements;
    }
}
