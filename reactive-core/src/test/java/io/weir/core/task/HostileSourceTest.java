package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** Monos that break the rules, or live at their edge: a task tells one end, once, and loses no value. */
class HostileSourceTest {
    private final List<Object> discarded = new ArrayList<>();
    private final List<Throwable> dropped = new ArrayList<>();
    private final TaskGroup group = TaskGroup.supervisor()
            .onFailure((task, error) -> {})
            .open(Operators.enableOnDiscard(Context.empty(), discarded::add)
                    .put("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
    private final AtomicInteger cancels = new AtomicInteger();
    private CoreSubscriber<? super String> subscriber;

    @AfterEach
    void theGroupEnds() {
        group.cancel("end of the test");
        assertThat(group.size()).isZero();
        StepVerifier.create(group.close()).verifyComplete();
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    /** A source that gives only what the test gives. */
    private Mono<String> silent() {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                subscriber = actual;
            }
        };
    }

    private Task<String> started() {
        Task<String> task = group.start("t", silent());
        subscriber.onSubscribe(counting());
        return task;
    }

    private Subscription counting() {
        return new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                cancels.incrementAndGet();
            }
        };
    }

    @Test
    void aSecondCompletionTakesNothingAway() {
        Task<String> task = started();
        subscriber.onNext("v");
        subscriber.onComplete();
        subscriber.onComplete();
        assertThat(task.outcome()).contains(new Outcome.Success<>("v"));
        assertThat(discarded).isEmpty();
    }

    @Test
    void aCompletionAfterTheErrorTakesNothingAway() {
        Task<String> task = started();
        IllegalStateException broken = new IllegalStateException("broken");
        subscriber.onError(broken);
        subscriber.onComplete();
        assertThat(task.outcome()).contains(new Outcome.Failure<>(broken));
        assertThat(discarded).isEmpty();
    }

    @Test
    void aSecondErrorIsDropped() {
        Task<String> task = started();
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second");
        subscriber.onError(first);
        subscriber.onError(second);
        assertThat(task.outcome()).contains(new Outcome.Failure<>(first));
        assertThat(dropped).containsExactly(second);
    }

    @Test
    void aValueBeforeTheErrorIsDiscarded() {
        started();
        subscriber.onNext("v");
        subscriber.onError(new IllegalStateException("broken"));
        assertThat(discarded).containsExactly("v");
    }

    @Test
    void aValueAfterTheCancelIsDiscarded() {
        Task<String> task = started();
        task.cancel();
        subscriber.onNext("v");
        subscriber.onComplete();
        assertThat(discarded).containsExactly("v");
        assertThat(task.outcome()).contains(new Outcome.Cancelled<>(null));
    }

    @Test
    void aSecondValueIsDiscardedAndTheFirstOneTold() {
        Task<String> task = started();
        subscriber.onNext("v");
        subscriber.onNext("w");
        subscriber.onComplete();
        assertThat(task.outcome()).contains(new Outcome.Success<>("v"));
        assertThat(discarded).containsExactly("w");
    }

    @Test
    void anErrorThatReactorThrowsOnFailsTheTask() {
        Mono<String> fatal = Mono.defer(() -> {
            throw new NoClassDefFoundError("gone");
        });
        StepVerifier.create(group.start("t", fatal).join()).verifyError(NoClassDefFoundError.class);
        StepVerifier.create(TaskGroup.using(inner -> {
                    throw new StackOverflowError();
                }))
                .verifyError(StackOverflowError.class);
    }

    @Test
    void onSubscribeThatNeverComesHoldsNoCancelUp() {
        Task<String> task = group.start("t", silent());
        assertThat(task.state()).isEqualTo(Task.State.RUNNING);
        assertThat(task.cancel()).isTrue();
        assertThat(task.state()).isEqualTo(Task.State.ENDED);
    }

    @Test
    void onSubscribeThatComesLateIsTaken() {
        Task<String> task = group.start("t", silent());
        subscriber.onSubscribe(counting());
        subscriber.onNext("v");
        subscriber.onComplete();
        assertThat(task.outcome()).contains(new Outcome.Success<>("v"));
    }

    @Test
    void onSubscribeThatComesAfterTheCancelIsCancelled() {
        Task<String> task = group.start("t", silent());
        task.cancel();
        subscriber.onSubscribe(counting());
        assertThat(cancels).hasValue(1);
    }

    @Test
    void aSecondSubscriptionIsCancelledAndTheFirstOneGoesOn() {
        Task<String> task = started();
        subscriber.onSubscribe(counting());
        assertThat(cancels).hasValue(1);
        subscriber.onNext("v");
        subscriber.onComplete();
        assertThat(task.outcome()).contains(new Outcome.Success<>("v"));
    }

    @Test
    void cancellingAWaitingTaskLeavesASharedMonoToTheOthers() {
        TestPublisher<String> source = TestPublisher.create();
        Mono<String> shared = source.mono().share();
        List<String> heard = new ArrayList<>();
        shared.subscribe(heard::add);
        TaskGroup one = TaskGroup.supervisor().limit(1).open();
        one.start("gate", Mono.never());
        one.start("waiting", shared).cancel();
        source.assertNotCancelled();
        source.emit("v");
        assertThat(heard).containsExactly("v");
        one.cancel(null);
    }

    @Test
    void aCancelThatThrowsEndsTheTaskAndKeepsNoOtherAlive() {
        Task<String> task = group.start("t", silent());
        subscriber.onSubscribe(throwing());
        assertThatThrownBy(task::cancel).hasMessage("cancel broke");
        assertThat(task.state()).isEqualTo(Task.State.ENDED);
        group.start("t", silent());
        subscriber.onSubscribe(throwing());
        Task<?> other = group.start("other", Mono.never());
        group.cancel("all");
        assertThat((Object) other.outcome().orElseThrow()).isEqualTo(new Outcome.Cancelled<>("all"));
        assertThat(dropped).singleElement().satisfies(e -> assertThat(e).hasMessage("cancel broke"));
    }

    private static Subscription throwing() {
        return new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                throw new IllegalStateException("cancel broke");
            }
        };
    }

    @Test
    void oneWhoThrowsWhenToldKeepsNoOtherFromBeingTold() {
        Task<String> task = started();
        task.join()
                .doOnNext(v -> {
                    throw new NoClassDefFoundError("thrown on");
                })
                .subscribe();
        List<String> heard = new ArrayList<>();
        task.join().subscribe(heard::add);
        task.onDone(outcome -> heard.add("done"));
        subscriber.onNext("v");
        assertThatThrownBy(() -> subscriber.onComplete()).isInstanceOf(NoClassDefFoundError.class);
        assertThat(heard).containsExactly("v", "done");
    }

    @Test
    void aTaskThatHasEndedDoesNotKeepItsSource() {
        Subscription source = Operators.emptySubscription();
        Task<String> task = group.start("t", silent());
        subscriber.onSubscribe(source);
        assertThat(Scannable.from(task).scanUnsafe(Scannable.Attr.PARENT)).isSameAs(source);
        subscriber.onNext("v");
        subscriber.onComplete();
        assertThat(Scannable.from(task).scanUnsafe(Scannable.Attr.PARENT)).isSameAs(Operators.cancelledSubscription());
    }
}
