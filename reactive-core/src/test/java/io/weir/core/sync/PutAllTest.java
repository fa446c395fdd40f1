package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class PutAllTest {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);
    private final TestPublisher<Integer> source = TestPublisher.create();
    private final List<Object> discarded = new ArrayList<>();

    private Mono<Void> putAll() {
        return queue.putAll(source).doOnDiscard(Integer.class, discarded::add);
    }

    @Test
    void completesWhenTheLastElementHasEnteredAndNotBefore() {
        StepVerifier.create(queue.putAll(Flux.range(1, 4)))
                .then(() -> assertThat(queue.tryTake()).isEqualTo(1))
                .then(() -> assertThat(queue.statistics().waitingPutters()).isEqualTo(1))
                .then(() -> assertThat(queue.tryTake()).isEqualTo(2))
                .verifyComplete();
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void asksTheSourceForNoMoreThanTheQueueTakesAndALittleAhead() {
        List<Integer> emitted = new ArrayList<>();
        Disposable running =
                queue.putAll(Flux.range(1, 1_000).doOnNext(emitted::add)).subscribe();
        assertThat(emitted).hasSizeBetween(2, 4);
        for (int i = 1; i <= 500; i++) {
            assertThat(queue.tryTake()).isEqualTo(i);
            assertThat(emitted).hasSizeBetween(i + 2, i + 4);
        }
        running.dispose();
    }

    @Test
    void anErrorOfTheSourceComesAfterWhatCameBeforeItHasEntered() {
        StepVerifier.create(queue.putAll(Flux.range(1, 3).concatWith(Mono.error(new IllegalStateException("why")))))
                .then(queue::tryTake)
                .verifyErrorMessage("why");
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void cancelledItCancelsTheSourceAndDiscardsWhatHadNotEntered() {
        Disposable running = queue.putAll(Flux.range(1, 10).map(i -> i).hide())
                .doOnDiscard(Integer.class, discarded::add)
                .subscribe();
        running.dispose();
        assertThat(queue.core.putters.size() + queue.core.sources.size()).isZero();
        assertThat(discarded).isNotEmpty().doesNotContain(1, 2);
        assertThat(queue.tryTake()).isEqualTo(1);
        assertThat(queue.tryTake()).isEqualTo(2);
        assertThat(queue.tryTake()).isNull();
    }

    @Test
    void closedItFailsCancelsTheSourceAndDiscardsWhatHadNotEntered() {
        StepVerifier.create(putAll())
                .then(() -> source.next(1, 2))
                .then(() -> queue.put(9).subscribe(null, e -> {}))
                .then(queue::close)
                .verifyError(QueueClosedException.class);
        source.assertCancelled();
        assertThat(queue.size()).isEqualTo(2);
        StepVerifier.create(putAll()).verifyError(QueueClosedException.class);
    }

    @Test
    void aQuietSourceLearnsOfTheCloseToo() {
        StepVerifier.create(putAll()).then(queue::close).verifyError(QueueClosedException.class);
        source.assertCancelled();
    }

    @Test
    void isServedInItsTurnAmongOtherProducers() {
        queue.tryPut(1);
        queue.tryPut(2);
        queue.put(3).subscribe();
        queue.putAll(Flux.just(4, 5)).subscribe();
        queue.put(6).subscribe();
        List<Integer> taken = new ArrayList<>();
        for (Integer next = queue.tryTake(); next != null; next = queue.tryTake()) {
            taken.add(next);
        }
        assertThat(taken).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void aComparatorThatThrowsFailsItAndLosesNothing() {
        AsyncQueue<Integer> strict = AsyncQueue.priority(9, Comparator.comparing(i -> {
            if (i == 3) {
                throw new IllegalStateException("not three");
            }
            return i;
        }));
        StepVerifier.create(strict.putAll(Flux.just(1, 2, 3, 4).hide()).doOnDiscard(Integer.class, discarded::add))
                .verifyErrorMessage("not three");
        assertThat(strict.size()).isEqualTo(2);
        assertThat(discarded).startsWith(3);
    }

    @Test
    void anElementThatComesAfterTheEndIsDiscarded() {
        AtomicReference<Subscriber<? super Integer>> late = new AtomicReference<>();
        Publisher<Integer> rogue = subscriber -> {
            late.set(subscriber);
            subscriber.onSubscribe(Operators.emptySubscription());
        };
        Disposable running =
                queue.putAll(rogue).doOnDiscard(Integer.class, discarded::add).subscribe();
        running.dispose();
        late.get().onNext(1);
        assertThat(discarded).containsExactly(1);
        assertThat(queue.size()).isZero();
    }

    @Test
    void aNullFromASourceThatBreaksTheRulesDoesNotEnter() {
        AtomicReference<Subscriber<? super Integer>> rogue = new AtomicReference<>();
        Publisher<Integer> breaks = subscriber -> {
            rogue.set(subscriber);
            subscriber.onSubscribe(Operators.emptySubscription());
        };
        Disposable running = queue.putAll(breaks).subscribe();
        assertThatThrownBy(() -> rogue.get().onNext(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> rogue.get().onError(null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.size()).isZero();
        running.dispose();
    }
}
