package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Who has cancelled is forgotten: a million cancelled waiters leave no object behind, wherever in the line they stood. Counted
 * in the class histogram of the heap, after a collection, while queue and semaphore are still in use.
 */
class CancelledWaitersTest {
    private static final int MANY = 1_000_000;
    private static final int TIMED = 50_000;

    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> full = AsyncQueue.bounded(1);
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);

    @BeforeEach
    void nothingToBeHad() {
        full.tryPut(0);
        semaphore.tryAcquire();
    }

    @Test
    void cancelledTakesAreForgotten() throws Exception {
        cancelAll(MANY, queue::take);
        assertThat(queue.core.takers.size()).isZero();
        assertForgotten("Take", queue);
    }

    @Test
    void cancelledPutsAreForgotten() throws Exception {
        cancelAll(MANY, () -> full.put(1));
        assertThat(full.core.putters.size()).isZero();
        assertForgotten("PutMono$Put", full);
    }

    @Test
    void cancelledPollsAreForgottenWithTheirTimers() throws Exception {
        cancelAll(TIMED, () -> queue.poll(Duration.ofDays(1)));
        assertThat(queue.core.takers.size()).isZero();
        assertForgotten("Take", queue);
        assertForgotten("Expiry", queue);
    }

    @Test
    void cancelledStreamsAreForgotten() throws Exception {
        cancelAll(TIMED, queue::asFlux);
        assertThat(queue.core.takers.size() + queue.core.streams).isZero();
        assertForgotten("TakeAll", queue);
    }

    @Test
    void cancelledSelectsAreForgottenByEveryQueue() throws Exception {
        AsyncQueue<Integer> other = AsyncQueue.bounded(1);
        cancelAll(TIMED, () -> Select.<Integer>first(queue.onTake(x -> x), other.onTake(x -> x)));
        assertThat(queue.core.takers.size() + other.core.takers.size()).isZero();
        assertForgotten("Select$Branch", List.of(queue, other));
    }

    @Test
    void aSelectThatAnotherQueueHasWonIsForgotten() throws Exception {
        AsyncQueue<Integer> other = AsyncQueue.bounded(1);
        for (int i = 0; i < TIMED; i++) {
            Select.<Integer>first(queue.onTake(x -> x), other.onTake(x -> x)).subscribe();
            other.tryPut(i);
        }
        assertThat(queue.core.takers.size() + other.core.takers.size()).isZero();
        assertForgotten("Select$Branch", List.of(queue, other));
    }

    @Test
    void cancelledJoinsAreForgotten() throws Exception {
        cancelAll(MANY, full::join);
        assertForgotten("Unfinished$Joiner", full);
    }

    @Test
    void cancelledAcquiresAreForgotten() throws Exception {
        cancelAll(MANY, semaphore::acquire);
        assertThat(semaphore.waiting()).isZero();
        assertForgotten("AcquireMono$Acquire", semaphore);
    }

    @Test
    void cancelledSectionsAreForgotten() throws Exception {
        cancelAll(MANY, () -> semaphore.withPermit(Mono.just(1)));
        assertThat(semaphore.waiting()).isZero();
        assertForgotten("PermitMono$Section", semaphore);
    }

    @TestFactory
    Stream<DynamicTest> everyOtherWaitIsForgottenToo() {
        AsyncLock lock = AsyncLock.create();
        assertThat(lock.tryLock()).isNotNull();
        AsyncLock free = AsyncLock.create();
        AsyncCondition condition = AsyncCondition.on(free);
        AsyncEvent event = AsyncEvent.create();
        AsyncBarrier barrier = AsyncBarrier.of(2);
        RateLimiter limiter = RateLimiter.of(1, Duration.ofDays(1), 1);
        assertThat(limiter.tryAcquire()).isTrue();
        AsyncSemaphore two = AsyncSemaphore.of(2);
        assertThat(two.tryAcquire()).isNotNull();
        return Stream.of(
                        new Wait("lock", MANY, lock::lock, lock::waiting, "AcquireMono$Acquire"),
                        new Wait(
                                "withLock",
                                MANY,
                                () -> lock.withLock(permit -> Mono.never()),
                                lock::waiting,
                                "AcquireMono$Acquire",
                                "BracketSection"),
                        new Wait("event", MANY, event::await, event::waiting, "AsyncEvent$Await"),
                        new Wait(
                                "event, timed",
                                TIMED,
                                () -> event.await(Duration.ofDays(1)),
                                event::waiting,
                                "AsyncEvent$Await",
                                "Expiry"),
                        new Wait(
                                "condition",
                                MANY,
                                () -> free.withLock(condition::await),
                                () -> condition.waiting() + free.waiting(),
                                "ConditionWait",
                                "BracketSection",
                                "Permit"),
                        new Wait("barrier", MANY, barrier::await, barrier::waiting, "Arrival"),
                        new Wait("limiter", MANY, limiter::acquire, limiter::waiting, "TokenWait", "TokenTimer"),
                        new Wait(
                                "limiter, timed",
                                MANY,
                                () -> limiter.acquire(Duration.ofDays(10_000)),
                                limiter::waiting,
                                "TokenWait",
                                "TokenTimer"),
                        new Wait("acquire, weighted", MANY, () -> two.acquire(2), two::waiting, "AcquireMono$Acquire"),
                        new Wait(
                                "withPermit(Flux)",
                                MANY,
                                () -> semaphore.withPermit(Flux.never()),
                                semaphore::waiting,
                                "AcquireMono$Acquire",
                                "BracketSection"),
                        new Wait(
                                "withPermit(Duration)",
                                TIMED,
                                () -> semaphore.withPermit(Duration.ofDays(1), Mono.never()),
                                semaphore::waiting,
                                "PermitMono$Section",
                                "Expiry"),
                        new Wait(
                                "putAll, with an element",
                                MANY,
                                () -> full.putAll(Flux.just(1)),
                                full.core.putters::size,
                                "PutAll",
                                "PutAll$Replenish"),
                        new Wait(
                                "putAll, without",
                                MANY,
                                () -> full.putAll(Flux.never()),
                                full.core.sources::size,
                                "PutAll",
                                "PutAll$Replenish"))
                .map(wait -> DynamicTest.dynamicTest(wait.name, () -> {
                    // One goes before: a wait that ends at once would be forgotten too.
                    Ignoring first = new Ignoring();
                    wait.make.get().subscribe(first);
                    assertThat(wait.waiting.getAsInt()).as("it waits").isEqualTo(1);
                    first.subscription.cancel();
                    cancelAll(wait.count, wait.make);
                    assertThat(wait.waiting.getAsInt()).isZero();
                    for (String type : wait.types) {
                        assertForgotten(type, wait);
                    }
                }));
    }

    private record Wait(
            String name, int count, Supplier<? extends Publisher<?>> make, IntSupplier waiting, List<String> types) {
        Wait(String name, int count, Supplier<? extends Publisher<?>> make, IntSupplier waiting, String... types) {
            this(name, count, make, waiting, List.of(types));
        }
    }

    /** Told, not judged closely: the layout of objects differs between machines. */
    @Test
    void aWaitingTakeCostsAboutAsMuchAsItsFields(TestReporter reporter) throws Exception {
        Ignoring subscriber = new Ignoring();
        queue.take().subscribe(subscriber);
        long before = usedHeap();
        for (int i = 0; i < MANY; i++) {
            queue.take().subscribe(subscriber);
        }
        long bytes = (usedHeap() - before) / MANY;
        assertThat(queue.core.takers.size()).isEqualTo(MANY + 1);
        reporter.publishEntry("bytes for each waiting take", Long.toString(bytes));
        assertThat(bytes).isBetween(16L, 200L);
    }

    /** Subscribes to each, and cancels the early ones late and the late ones early: from both ends and the middle. */
    private static void cancelAll(int count, Supplier<? extends Publisher<?>> make) {
        int batch = 1_000;
        List<Subscription> waiting = new ArrayList<>();
        for (int done = 0; done < count; done += batch) {
            for (int i = 0; i < batch; i++) {
                Ignoring subscriber = new Ignoring();
                make.get().subscribe(subscriber);
                waiting.add(subscriber.subscription);
            }
            for (int i = 0; i < batch / 2; i++) {
                waiting.get((i * 7) % batch).cancel();
            }
            waiting.forEach(Subscription::cancel);
            waiting.clear();
        }
    }

    private static void assertForgotten(String type, Object inUse) throws Exception {
        assertThat(instances("io.weir.core.sync." + type)).as(type).isLessThanOrEqualTo(2);
        assertThat(inUse).isNotNull(); // and so it is reachable until here
    }

    /** The live instances of a class; the JVM collects before it counts. */
    private static long instances(String name) throws Exception {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return ((String) histogram)
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length >= 4 && columns[3].equals(name))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }

    private static long usedHeap() throws Exception {
        instances("any"); // collects
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static final class Ignoring implements CoreSubscriber<Object> {
        private Subscription subscription;

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Object element) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }
}
