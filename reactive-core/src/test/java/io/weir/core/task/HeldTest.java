package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.offload.Offload;
import io.weir.core.sync.AsyncLock;
import io.weir.core.sync.Bracket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What goes on after a cancel keeps its task, and so its group, from ending. */
class HeldTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final TaskGroup group = TaskGroup.open();

    @AfterEach
    void close() {
        StepVerifier.create(group.close()).expectComplete().verify(LONG);
    }

    @Test
    void anOffloadedCallThatIgnoresItsInterrupt() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Task<Integer> task = group.start("call", Offload.blocking(() -> {
            inside.countDown();
            while (true) {
                try {
                    leave.await();
                    return 1;
                } catch (InterruptedException e) {
                    // as some code does
                }
            }
        }));
        inside.await();
        task.cancel();
        assertThat(task.state()).isEqualTo(Task.State.ENDING);
        leave.countDown();
        StepVerifier.create(task.terminated()).expectComplete().verify(LONG);
    }

    @Test
    void anOffloadedCallThatWaitsIsOverAtOnce() throws Exception {
        Offload one = Offload.bounded("one", 1, 1);
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Task<Boolean> first = group.start("first", one.call(() -> {
            inside.countDown();
            return leave.await(20, TimeUnit.SECONDS);
        }));
        inside.await();
        Task<Integer> second = group.start("second", one.call(() -> 2));
        second.cancel();
        assertThat(second.state()).isEqualTo(Task.State.ENDED);
        leave.countDown();
        StepVerifier.create(first.join()).expectNext(true).expectComplete().verify(LONG);
        second.cancel();
        one.close();
        one.terminated().block(LONG);
    }

    @Test
    void aBracketThatReleases() {
        Sinks.Empty<Void> released = Sinks.empty();
        Task<Object> one = group.start(
                "one", Bracket.using(Mono.just("resource"), resource -> Mono.never(), resource -> released.asMono()));
        Task<Void> many = group.start(
                "many",
                Bracket.usingMany(Mono.just("resource"), resource -> Flux.never(), resource -> released.asMono())
                        .then());
        one.cancel();
        many.cancel();
        assertThat(one.state()).isEqualTo(Task.State.ENDING);
        assertThat(many.state()).isEqualTo(Task.State.ENDING);
        released.tryEmitEmpty();
        assertThat(one.state()).isEqualTo(Task.State.ENDED);
        assertThat(many.state()).isEqualTo(Task.State.ENDED);
    }

    @Test
    void aBracketWhoseUseIsStillBeingCalled() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AsyncLock lock = AsyncLock.create();
        TaskGroup one = TaskGroup.supervisor().limit(1).open();
        Sinks.Empty<Void> gate = Sinks.empty();
        one.start("gate", gate.asMono());
        Task<Object> task = one.start(
                "user",
                Bracket.using(
                        lock.lock(),
                        permit -> {
                            inside.countDown();
                            try {
                                leave.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return Mono.never();
                        },
                        permit -> Mono.fromRunnable(permit::release)));
        Thread opener = new Thread(gate::tryEmitEmpty);
        opener.start();
        inside.await();
        task.cancel();
        assertThat(task.state()).isEqualTo(Task.State.ENDING);
        assertThat(lock.isLocked()).isTrue();
        leave.countDown();
        opener.join();
        assertThat(task.state()).isEqualTo(Task.State.ENDED);
        assertThat(lock.isLocked()).isFalse();
        StepVerifier.create(one.close()).expectComplete().verify(LONG);
    }
}
