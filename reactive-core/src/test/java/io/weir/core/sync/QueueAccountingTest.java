package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Eight threads put, take, poll, select, stream and cancel at random, each other's work too, and one closes; then every element
 * is accounted for: delivered once, or returned to its putter by an error or a cancel that won, or handed to a discard
 * hook. Every producer and consumer that was not cancelled has been told, once.
 *
 * <p>The property {@code weir.operations} says how many operations in all: the stress profile does ten millions.
 */
class QueueAccountingTest {
    private static final long OPERATIONS = Long.getLong("weir.operations", 300_000);
    private static final int THREADS = 8;
    private static final int MOST_A_ROUND = 400_000;

    private enum Ending {
        CLOSE,
        CLOSE_NOW,
        CLOSE_AT_THE_END
    }

    @TestFactory
    Stream<DynamicTest> everyElementIsAccountedFor() {
        List<Kind> kinds = List.of(
                new Kind("bounded(1)", () -> AsyncQueue.bounded(1)),
                new Kind("bounded(2)", () -> AsyncQueue.bounded(2)),
                new Kind("bounded(7)", () -> AsyncQueue.bounded(7)),
                new Kind("bounded(64)", () -> AsyncQueue.bounded(64)),
                new Kind("bounded(1000)", () -> AsyncQueue.bounded(1000)),
                new Kind("rendezvous", AsyncQueue::rendezvous),
                new Kind("unbounded", AsyncQueue::unbounded),
                new Kind("priority(5)", () -> AsyncQueue.priority(5, Comparator.naturalOrder())),
                new Kind("lifo(5)", () -> AsyncQueue.lifo(5)));
        long each = OPERATIONS / kinds.size();
        return kinds.stream()
                .map(kind -> DynamicTest.dynamicTest(kind.name, () -> {
                    long left = each;
                    for (int number = 0; left > 0; number++) {
                        int operations = (int) Math.min(left, Math.min(MOST_A_ROUND, Math.max(1, each / 3)));
                        new Round(kind, operations / THREADS + 1, Ending.values()[number % 3], number).run();
                        left -= operations;
                    }
                }));
    }

    private record Kind(String name, Supplier<AsyncQueue<Integer>> make) {}

    /** One pair of queues (a select takes from both) from its opening to its end. */
    private static final class Round {
        private final int each;
        private final Ending ending;
        private final int seed;
        private final List<AsyncQueue<Integer>> queues;

        // By element.
        private final AtomicIntegerArray entered; // told to who put it
        private final AtomicIntegerArray refused; // told to who put it
        private final AtomicIntegerArray emitted; // given to a putAll by its source
        private final AtomicIntegerArray delivered;
        private final AtomicIntegerArray drained; // by closeNow
        private final AtomicIntegerArray discarded; // by a putAll

        /** What threads have started, for others to cancel. */
        private final AtomicReferenceArray<Told> started = new AtomicReferenceArray<>(64);

        private final AtomicInteger open = new AtomicInteger();
        private final AtomicBoolean untold = new AtomicBoolean();
        private final List<String> broken = new ArrayList<>();

        Round(Kind kind, int each, Ending ending, int seed) {
            this.each = each;
            this.ending = ending;
            this.seed = seed;
            int elements = each * THREADS;
            entered = new AtomicIntegerArray(elements);
            refused = new AtomicIntegerArray(elements);
            emitted = new AtomicIntegerArray(elements);
            delivered = new AtomicIntegerArray(elements);
            drained = new AtomicIntegerArray(elements);
            discarded = new AtomicIntegerArray(elements);
            queues = Stream.of(0, 1)
                    .map(i -> kind.make.get().onDiscard(drained::incrementAndGet))
                    .toList();
        }

        void run() {
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int number = t;
                threads.add(onThread(() -> {
                    SplittableRandom random = new SplittableRandom(seed * 1000L + number);
                    if (number % 2 == 0) {
                        produce(random, number * each, number == 0);
                    } else {
                        consume(random);
                    }
                }));
            }
            threads.forEach(CompletableFuture::join);
            queues.forEach(AsyncQueue::close);
            queues.forEach(queue -> queue.closeNow(null));
            // A timer's thread may still be telling somebody: what it does is short.
            long start = System.nanoTime();
            while (!isQuiet() && System.nanoTime() - start < 20_000_000_000L) {
                Thread.onSpinWait();
            }
            check();
        }

        private boolean isQuiet() {
            return open.get() == 0 && sum(entered) + sum(emitted) == sum(delivered) + sum(drained) + sum(discarded);
        }

        private static long sum(AtomicIntegerArray counts) {
            long sum = 0;
            for (int i = 0; i < counts.length(); i++) {
                sum += counts.get(i);
            }
            return sum;
        }

        // ---- producers ----

        private void produce(SplittableRandom random, int first, boolean closes) {
            int closeAt = closes && ending != Ending.CLOSE_AT_THE_END ? first + each / 2 : -1;
            for (int element = first; element < first + each; ) {
                AsyncQueue<Integer> queue = queues.get(random.nextInt(2));
                int before = element;
                switch (random.nextInt(6)) {
                    case 0 -> tryPut(queue, element++);
                    case 1 -> {
                        int count = Math.min(1 + random.nextInt(40), first + each - element);
                        putAll(queue, element, count, random);
                        element += count;
                    }
                    default -> put(queue, element++, random);
                }
                if (before <= closeAt && closeAt < element) {
                    queues.forEach(ending == Ending.CLOSE ? AsyncQueue::close : q -> q.closeNow(null));
                }
            }
        }

        private void tryPut(AsyncQueue<Integer> queue, int element) {
            (queue.tryPut(element) ? entered : refused).incrementAndGet(element);
        }

        private void put(AsyncQueue<Integer> queue, int element, SplittableRandom random) {
            Told put = new Told(0) {
                @Override
                void ended(Throwable error) {
                    (error == null ? entered : refused).incrementAndGet(element);
                }
            };
            queue.put(element).subscribe(put.asSubscriber());
            disturb(put, random);
        }

        private void putAll(AsyncQueue<Integer> queue, int first, int count, SplittableRandom random) {
            // Generated: a source of one known element would discard it itself when cancelled.
            Publisher<Integer> source = Flux.<Integer, Integer>generate(() -> first, (next, sink) -> {
                if (next == first + count) {
                    sink.complete();
                } else {
                    emitted.incrementAndGet(next);
                    sink.next(next);
                }
                return next + 1;
            });
            Told putAll = new Told(0);
            queue.putAll(source).subscribe(putAll.asSubscriber());
            disturb(putAll, random);
        }

        // ---- consumers ----

        private void consume(SplittableRandom random) {
            for (int i = 0; i < each; i++) {
                AsyncQueue<Integer> queue = queues.get(random.nextInt(2));
                int kind = random.nextInt(100);
                if (kind < 20) {
                    Integer element = queue.tryTake();
                    if (element != null) {
                        arrived(queue, element);
                    }
                    continue;
                }
                Told taker;
                if (kind < 60) {
                    taker = new Taking(queue, 1);
                    queue.take().subscribe(taker.asSubscriber());
                } else if (kind < 75) {
                    taker = new Taking(queue, 1);
                    queue.poll(Duration.ofNanos(random.nextInt(200_000))).subscribe(taker.asSubscriber());
                } else if (kind < 97) {
                    taker = new Told(1);
                    AsyncQueue<Integer> other = queues.get(queue == queues.get(0) ? 1 : 0);
                    Select.<Integer>first(
                                    queue.onTake(element -> arrived(queue, element)),
                                    other.onTake(element -> arrived(other, element)))
                            .subscribe(taker.asSubscriber());
                } else {
                    taker = new Taking(queue, 1 + random.nextInt(20));
                    queue.asFlux().subscribe(taker.asSubscriber());
                }
                disturb(taker, random);
            }
        }

        private int arrived(AsyncQueue<Integer> queue, int element) {
            delivered.incrementAndGet(element);
            queue.taskDone();
            return element;
        }

        /** Half of the time cancels something another thread has started, or this thread. */
        private void disturb(Told mine, SplittableRandom random) {
            Told victim = started.getAndSet(random.nextInt(started.length()), mine);
            switch (random.nextInt(4)) {
                case 0 -> mine.cancel();
                case 1 -> {
                    if (victim != null) {
                        victim.cancel();
                    }
                }
                default -> {}
            }
        }

        // ---- the account ----

        private void check() {
            assertThat(broken).isEmpty();
            assertThat(untold).as("a signal after the end, or beside another").isFalse();
            assertThat(open).as("everybody who did not cancel was told").hasValue(0);
            for (int i = 0; i < each * THREADS; i++) {
                int ends = delivered.get(i) + drained.get(i) + discarded.get(i);
                boolean in = entered.get(i) == 1 || emitted.get(i) == 1;
                if (ends != (in ? 1 : 0) || entered.get(i) + refused.get(i) > 1) {
                    throw new AssertionError("element " + i + ": entered " + entered.get(i) + ", refused "
                            + refused.get(i) + ", emitted to a putAll " + emitted.get(i) + ", delivered "
                            + delivered.get(i) + ", drained " + drained.get(i) + ", discarded " + discarded.get(i));
                }
            }
            for (AsyncQueue<Integer> queue : queues) {
                assertThat(queue.size()).isZero();
                assertThat(queue.core.takers.size()
                                + queue.core.putters.size()
                                + queue.core.idle.size()
                                + queue.core.sources.size())
                        .as("who still stands in a line of %s", queue)
                        .isZero();
                assertThat(queue.core.streams).isZero();
                assertThat(queue.core.unfinished.outstanding()).isZero();
                queue.join().block();
            }
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

        /** Somebody who is told of elements and of one end, unless it cancels. */
        private class Told implements CoreSubscriber<Object> {
            private final int elements;
            private final AtomicBoolean settled = new AtomicBoolean();
            private final AtomicInteger inSignal = new AtomicInteger();
            private volatile boolean over;
            private int left;
            private volatile Subscription subscription;

            Told(int elements) {
                this.elements = elements;
                this.left = elements;
            }

            @SuppressWarnings("unchecked") // it takes anything
            <T> CoreSubscriber<T> asSubscriber() {
                open.incrementAndGet();
                return (CoreSubscriber<T>) (CoreSubscriber<?>) this;
            }

            void element(Object element) {}

            void ended(Throwable error) {}

            void cancel() {
                Subscription current = subscription;
                if (current != null) {
                    current.cancel();
                    settle();
                }
            }

            private void settle() {
                if (settled.compareAndSet(false, true)) {
                    open.decrementAndGet();
                }
            }

            @Override
            public Context currentContext() {
                return Operators.enableOnDiscard(
                        Context.empty(), element -> discarded.incrementAndGet((Integer) element));
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                this.subscription = subscription;
                subscription.request(Math.max(1, elements));
            }

            @Override
            public void onNext(Object element) {
                enter();
                element(element);
                if (--left == 0 && elements > 1) {
                    cancel();
                }
                inSignal.decrementAndGet();
            }

            @Override
            public void onComplete() {
                enter();
                end(null);
            }

            @Override
            public void onError(Throwable error) {
                enter();
                if (!(error instanceof QueueClosedException)) {
                    synchronized (broken) {
                        broken.add(error.toString());
                    }
                }
                end(error);
            }

            private void enter() {
                if (inSignal.incrementAndGet() != 1 || over) {
                    untold.set(true);
                }
            }

            private void end(Throwable error) {
                over = true;
                ended(error);
                inSignal.decrementAndGet();
                settle();
            }
        }

        private final class Taking extends Told {
            private final AsyncQueue<Integer> queue;

            Taking(AsyncQueue<Integer> queue, int elements) {
                super(elements);
                this.queue = queue;
            }

            @Override
            void element(Object element) {
                arrived(queue, (Integer) element);
            }
        }
    }
}
