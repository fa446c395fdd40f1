package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SelectTest {
    private final AsyncQueue<Integer> left = AsyncQueue.bounded(2);
    private final AsyncQueue<Integer> right = AsyncQueue.bounded(2);
    private final Mono<String> either = Select.first(left.onTake(i -> "left " + i), right.onTake(i -> "right " + i));

    private int waiting() {
        return left.core.takers.size() + right.core.takers.size();
    }

    @Test
    void takesFromTheOneThatHasAnElementAndOnceForEachSubscription() {
        right.tryPut(1);
        right.tryPut(2);
        assertThat(either.block()).isEqualTo("right 1");
        assertThat(either.block()).isEqualTo("right 2");
        assertThat(waiting()).isZero();
    }

    @Test
    void leavesTheOtherQueueUntouched() {
        left.tryPut(1);
        right.tryPut(2);
        String first = either.block();
        assertThat(List.of(first, either.block())).containsExactlyInAnyOrder("left 1", "right 2");
        assertThat(left.size() + right.size()).isZero();
    }

    @Test
    void choosesEitherWhereBothHaveElements() {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            left.tryPut(0);
            right.tryPut(0);
            chosen.add(either.block());
            left.tryTake();
            right.tryTake();
        }
        assertThat(chosen).contains("left 0", "right 0"); // fails by chance once in 2^199
    }

    @Test
    void standsInEachLineAndLeavesTheOthersWhenServed() {
        List<Object> seen = new ArrayList<>();
        either.subscribe(seen::add);
        right.take().subscribe(seen::add);
        assertThat(waiting()).isEqualTo(3);
        right.tryPut(1);
        right.tryPut(2);
        assertThat(seen).containsExactly("right 1", 2);
        assertThat(waiting()).isZero();
    }

    @Test
    void twoClausesOfOneQueueTakeOneElement() {
        List<String> seen = new ArrayList<>();
        Select.<String>first(left.onTake(i -> "a" + i), left.onTake(i -> "b" + i))
                .subscribe(seen::add);
        left.tryPut(1);
        left.tryPut(2);
        assertThat(seen).hasSize(1).first().asString().endsWith("1");
        assertThat(left.size()).isEqualTo(1);
    }

    @Test
    void cancelledItTakesNothing() {
        Disposable select = either.subscribe();
        select.dispose();
        assertThat(waiting()).isZero();
        left.tryPut(1);
        assertThat(left.tryTake()).isEqualTo(1);
    }

    @Test
    void asksNothingBeforeItIsRequested() {
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        either.subscribe(subscriber);
        assertThat(waiting()).isZero();
        subscriber.request(1);
        assertThat(waiting()).isEqualTo(2);
        subscriber.cancel();
    }

    @Test
    void failsWhenOneOfTheQueuesIsAtItsEnd() {
        StepVerifier.create(either).then(right::close).verifyError(QueueClosedException.class);
        assertThat(waiting()).isZero();
        StepVerifier.create(either).verifyError(QueueClosedException.class);
    }

    @Test
    void aClauseThatThrowsDiscardsItsElement() {
        List<Integer> discarded = new ArrayList<>();
        left.tryPut(1);
        StepVerifier.create(Select.<String>first(left.onTake(i -> {
                            throw new IllegalStateException("a clause's");
                        }))
                        .doOnDiscard(Integer.class, discarded::add))
                .verifyErrorMessage("a clause's");
        assertThat(discarded).containsExactly(1);
        assertThat(left.size()).isZero();
    }

    @Test
    void refusesToSelectFromNothing() {
        assertThatThrownBy(Select::first).isInstanceOf(IllegalArgumentException.class);
    }
}
