package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report;
import io.weir.core.debug.Report.NeverSubscribed;
import io.weir.core.sync.AsyncLock;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Gather;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;

/** Stands outside of Weir's packages, as a user does. */
class NeverSubscribedTest {
    private final BlockingQueue<Report> told = new LinkedBlockingQueue<>();
    private final DiagnosticsOptions options = DiagnosticsOptions.defaults().withListener(report -> {
        if (report instanceof NeverSubscribed) {
            told.add(report);
        }
    });
    private final AsyncQueue<Integer> queue = AsyncQueue.unbounded();

    @BeforeEach
    void enable() {
        Diagnostics.enable(options);
    }

    @AfterEach
    void disable() {
        Diagnostics.disable();
    }

    /** The next report. A garbage collection may need to be asked more than once. */
    private NeverSubscribed next() {
        try {
            for (int i = 0; i < 300; i++) {
                System.gc();
                Report report = told.poll(100, TimeUnit.MILLISECONDS);
                if (report != null) {
                    return (NeverSubscribed) report;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("nothing was told");
    }

    /** By the time a second one is told, which was dropped after the first was told, all that was garbage before has been looked at. */
    private void nothingIsTold() {
        queue.put(-1);
        assertThat(next().message()).contains("nothingIsTold");
        queue.put(-2);
        assertThat(next().message()).contains("nothingIsTold");
        assertThat(told).isEmpty();
    }

    @Nested
    class Told {
        @Test
        void isADroppedPutWithItsLine() {
            queue.put(1);
            NeverSubscribed report = next();
            assertThat(report.maker()).isEqualTo("AsyncQueue.put");
            assertThat(report.type()).isEqualTo("Mono");
            assertThat(report.site().getMethodName()).isEqualTo("isADroppedPutWithItsLine");
            assertThat(report.message())
                    .matches(
                            "Mono made by AsyncQueue.put at .*NeverSubscribedTest\\.java:\\d+\\) was never subscribed.*");
        }

        @Test
        void isAPlaceOnceHoweverOftenItDrops() {
            for (int i = 0; i < 1000; i++) {
                queue.put(i);
            }
            NeverSubscribed report = next();
            assertThat(report.count()).isEqualTo(1);
            nothingIsTold();
            for (int i = 0; i < 3000 && countAt(report.site()) < 1000; i++) { // they are heard of in no order
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(countAt(report.site())).isEqualTo(1000);
            assertThat(Diagnostics.reports())
                    .filteredOn(each -> each.site().equals(report.site()))
                    .hasSize(1);
        }

        private long countAt(StackTraceElement site) {
            return Diagnostics.reports().stream()
                    .filter(each -> each.site().equals(site))
                    .mapToLong(Report::count)
                    .sum();
        }

        @Test
        void isTheEndOfAChainAndNoneOfItsParts() {
            queue.put(1).thenReturn(2).map(n -> n + 1).filter(n -> n > 2);
            NeverSubscribed report = next();
            assertThat(report.maker()).isEqualTo("AsyncQueue.put");
            assertThat(report.last()).isEqualTo("Mono.filter");
            nothingIsTold();
        }

        @Test
        void isAFlux() {
            queue.asFlux().map(n -> n + 1);
            assertThat(next().message()).startsWith("Flux made by AsyncQueue.asFlux, then Flux.map, at ");
        }

        @Test
        void isWhatHoldsOthersAndNotThese() {
            Gather.failFast(List.of(queue.put(1), queue.put(2)));
            assertThat(next().last()).isEqualTo("Gather.failFast");
            nothingIsTold();
        }

        @Test
        void isACoroutine() {
            Coroutine.async(() -> 1);
            assertThat(next().maker()).isEqualTo("Coroutine.async");
        }

        @Test
        void areTheCallersToo() {
            helper();
            assertThat(next().stack())
                    .extracting(StackTraceElement::getMethodName)
                    .startsWith("helper", "areTheCallersToo");
        }

        private Mono<Void> helper() {
            return queue.put(1);
        }

        @Test
        void isWhatACallbackMakesAndDrops() {
            Flux.range(0, 3).doOnNext(n -> queue.put(n)).blockLast();
            NeverSubscribed report = next();
            assertThat(report.maker()).isEqualTo("AsyncQueue.put");
            assertThat(report.site().getMethodName()).contains("isWhatACallbackMakesAndDrops");
        }

        @Test
        void isTheOneOfTwoThatWasNotChosen() {
            assertThat(chosen(true).block()).isEqualTo(1);
            assertThat(next().maker()).isEqualTo("AsyncQueue.poll");
            nothingIsTold();
        }

        private Mono<Integer> chosen(boolean first) {
            Mono<Integer> one = queue.take();
            Mono<Integer> other = queue.poll(Duration.ofSeconds(1));
            return queue.put(1).then(first ? one : other);
        }

        @Test
        void isAnyOperatorIfWanted() {
            Mono.fromCallable(() -> 1);
            nothingIsTold();
            Diagnostics.enable(options.withAllOperators());
            Mono.fromCallable(() -> 1);
            assertThat(next().maker()).isEqualTo("Mono.fromCallable");
        }

        @Test
        void areNoMoreThanAreTracked() {
            Diagnostics.enable(options.withMaxTracked(0));
            queue.put(1);
            Diagnostics.enable(options.withMaxTracked(1));
            Mono<Void> kept = queue.put(2); // and no more
            queue.put(3);
            kept.block();
            nothingIsTold();
        }
    }

    @Nested
    class NotTold {
        @Test
        void isWhatIsSubscribed() {
            queue.put(1).block();
            queue.take().block();
            queue.put(1).then().as(mono -> mono).block();
            nothingIsTold();
        }

        @Test
        void isAFallbackThatWasNotNeeded() {
            queue.put(1).block();
            queue.take().switchIfEmpty(queue.put(1).thenReturn(2)).block();
            nothingIsTold();
        }

        @Test
        void isWhatComesAfterAFailure() {
            Mono.error(new IllegalStateException())
                    .then(queue.put(1))
                    .onErrorComplete()
                    .block();
            Mono.when(Mono.error(new IllegalStateException()), queue.put(1))
                    .onErrorComplete()
                    .block();
            Flux.concat(List.of(Mono.error(new IllegalStateException()), queue.put(1)))
                    .onErrorComplete()
                    .blockLast();
            Gather.failFast(1, List.of(Mono.error(new IllegalStateException()), queue.put(1)))
                    .onErrorComplete()
                    .block();
            nothingIsTold();
        }

        @Test
        void isWhatAFunctionHasCaptured() {
            Mono<Void> put = queue.put(1);
            Mono.<Integer>empty().flatMap(n -> put).block();
            nothingIsTold();
        }

        @Test
        void isWhatIsCachedOrShared() {
            Mono<Void> cached = queue.put(1).cache();
            cached.block();
            cached.block();
            queue.take().switchIfEmpty(queue.put(2).thenReturn(2).cache()).block();
            queue.put(1).then(queue.take()).share().block();
            queue.put(1).block();
            queue.take()
                    .switchIfEmpty(queue.put(3).thenReturn(3).share())
                    .switchIfEmpty(queue.asFlux().publish().refCount().next())
                    .block();
            nothingIsTold();
        }

        @Test
        void isWhatAValueHolds() {
            Mono.just(queue.put(1)).block();
            Flux.just(queue.put(2)).filter(each -> false).blockLast();
            nothingIsTold();
        }

        @Test
        void isWhatACollectionOfAnotherLibraryHolds() {
            Flux.concat(Pair.of(Mono.<Void>error(new IllegalStateException()), queue.put(1)))
                    .onErrorComplete()
                    .blockLast();
            nothingIsTold();
        }

        @Test
        void isWhatAStructureKeepsForItself() {
            for (int i = 0; i < 10; i++) {
                AsyncLock.create().withLock(Mono.empty()).block();
                AsyncQueue.<Integer>bounded(1).tryPut(1);
            }
            nothingIsTold();
        }

        @Test
        void isAValue() {
            Diagnostics.enable(options.withAllOperators());
            Mono.just(1);
            Mono.empty();
            Flux.just(1);
            nothingIsTold();
        }

        @Test
        void isWhatIsCalledInPlaceOfBeingSubscribed() {
            Diagnostics.enable(options.withAllOperators());
            AtomicInteger ran = new AtomicInteger();
            Flux.range(0, 3)
                    .flatMap(n -> Mono.fromCallable(ran::incrementAndGet))
                    .blockLast();
            Gather.failFast(List.of(Mono.fromCallable(ran::incrementAndGet))).block();
            assertThat(ran).hasValue(4);
            nothingIsTold();
        }

        @Test
        void isATimerThatTimeoutMakes() {
            Diagnostics.enable(options.withAllOperators());
            Mono.just(1).timeout(Duration.ofMinutes(1)).block();
            nothingIsTold();
        }
    }

    /** Like the lists of other libraries, in that it is no list of the Java runtime's. */
    private static final class Pair<T> extends AbstractList<T> {
        private final Object[] both;

        private Pair(Object... both) {
            this.both = both;
        }

        static <T> List<T> of(T one, T other) {
            return new Pair<>(one, other);
        }

        @Override
        @SuppressWarnings("unchecked") // those of its maker
        public T get(int index) {
            return (T) both[index];
        }

        @Override
        public int size() {
            return both.length;
        }
    }

    @Nested
    class Tracking {
        @Test
        void keepsWhatReactorSeesByType() {
            Diagnostics.enable(options.withAllOperators());
            assertThat(Mono.just(1)).isInstanceOf(Fuseable.ScalarCallable.class);
            assertThat(Mono.empty()).isInstanceOf(Fuseable.ScalarCallable.class);
            assertThat(Flux.range(0, 3)).isInstanceOf(Fuseable.class);
            assertThat(Flux.range(0, 3).hide()).isNotInstanceOf(Fuseable.class);
            assertThat(Mono.fromCallable(() -> 1)).isInstanceOf(java.util.concurrent.Callable.class);
            assertThat(Mono.fromCallable(() -> 1).hide()).isNotInstanceOf(java.util.concurrent.Callable.class);
            assertThat(Flux.range(0, 3).publish()).isInstanceOf(ConnectableFlux.class);
            assertThat(Flux.range(0, 3).parallel(2).sequential().count().block())
                    .isEqualTo(3);
            assertThat(Flux.range(0, 6)
                            .groupBy(n -> n % 2)
                            .flatMap(Flux::count)
                            .collectList()
                            .block())
                    .containsExactly(3L, 3L);
            assertThat(Scannable.from(Flux.range(0, 3)).stepName()).isEqualTo("source(FluxRange)");
            assertThat(Scannable.from(Flux.range(0, 3).map(n -> n)).steps())
                    .containsExactly("source(FluxRange)", "map");
            assertThat(Flux.range(0, 3).publishOn(Schedulers.parallel(), 7).getPrefetch())
                    .isEqualTo(7);
        }

        @Test
        void endsWithItsHooksAndLeavesThoseOfOthers() {
            AtomicInteger others = new AtomicInteger();
            Hooks.onEachOperator("other", publisher -> {
                others.incrementAndGet();
                return publisher;
            });
            try {
                assertThat(queue.take()).isNotSameAs(queue.take());
                Diagnostics.disable();
                assertThat(queue.take()).isSameAs(queue.take());
                assertThat(others).hasValue(4);
            } finally {
                Hooks.resetOnEachOperator("other");
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void seesThroughTheOperatorsOfOtherHooks(boolean last) {
            Hooks.onOperatorDebug();
            Hooks.onEachOperator("lifting", Operators.lift((source, subscriber) -> subscriber));
            try {
                if (last) {
                    Diagnostics.enable(options);
                }
                queue.put(1).thenReturn(1).block();
                queue.take().switchIfEmpty(queue.put(2).thenReturn(2)).block();
                nothingIsTold();
            } finally {
                Hooks.resetOnOperatorDebug();
                Hooks.resetOnEachOperator("lifting");
            }
        }

        @Test
        void doesNotFollowWhatHoldsItself() {
            Diagnostics.enable(options.withAllOperators());
            Object[] array = new Object[1];
            array[0] = array;
            List<Object> list = new ArrayList<>();
            list.add(list);
            assertThat(Mono.fromCallable(() -> list.size() + array.length).block())
                    .isEqualTo(2);
        }

        @Test
        void letsACallBeWaitedForWhereItMay() {
            Diagnostics.enable(options.withAllOperators());
            Mono<Integer> call = Mono.fromCallable(() -> 1);
            assertThat(Mono.fromSupplier(() -> call.block())
                            .subscribeOn(Schedulers.parallel())
                            .block())
                    .isEqualTo(1);
        }

        @Test
        void holdsNothingThatItTracks() {
            Diagnostics.enable(options.withAllOperators());
            WeakReference<Object> dropped = new WeakReference<>(of(new Object()));
            next();
            assertThat(dropped.get()).isNull();
        }

        private Object of(Object value) {
            Mono.fromCallable(() -> value).map(same -> same);
            return value;
        }

        @Test
        void endsItsThreadAndDoesNotInterruptTheListener() throws InterruptedException {
            CountDownLatch disabled = new CountDownLatch(1);
            LinkedBlockingQueue<Boolean> interrupted = new LinkedBlockingQueue<>();
            LinkedBlockingQueue<Thread> looking = new LinkedBlockingQueue<>();
            Diagnostics.enable(options.withThreshold(Duration.ofHours(1)).withListener(report -> {
                looking.add(Thread.currentThread());
                told.add(report);
                try {
                    disabled.await();
                    interrupted.add(false);
                } catch (InterruptedException e) {
                    interrupted.add(true);
                }
            }));
            queue.put(1);
            next();
            Diagnostics.disable();
            disabled.countDown();
            assertThat(interrupted.poll(30, TimeUnit.SECONDS)).isFalse();
            Thread thread = looking.take();
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
            assertThat(thread.isDaemon()).isTrue();
        }

        @Test
        void startsAnewAndAnOldHandleEndsNothing() {
            reactor.core.Disposable old = Diagnostics.enable(options);
            reactor.core.Disposable now = Diagnostics.enable(options);
            old.dispose();
            assertThat(Diagnostics.isEnabled()).isTrue();
            now.dispose();
            assertThat(Diagnostics.isEnabled()).isFalse();
            assertThat(Diagnostics.reports()).isEmpty();
        }

        @Test
        void goesOnWhenTheListenerThrows() {
            Diagnostics.enable(options.withListener(report -> {
                told.add(report);
                throw new IllegalStateException("as it should");
            }));
            queue.put(1);
            next();
            queue.put(2);
            next();
        }
    }
}
