package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Eight threads ask for permits of random weights, alone and around a body, with and without a bound to the wait; they cancel
 * each other's waits and bodies at random, and release each other's permits, some twice. There are never more permits out than
 * the semaphore has; in the end all are back, nobody waits, and everybody who did not cancel was told, once.
 */
class SemaphoreAccountingTest {
    private static final int OPERATIONS = (int) Math.min(5_000_000, Long.getLong("weir.operations", 300_000));
    private static final int THREADS = 8;

    @TestFactory
    Stream<DynamicTest> everyPermitIsAccountedFor() {
        List<Integer> sizes = List.of(1, 2, 5, 16);
        int each = OPERATIONS / sizes.size() / THREADS;
        return sizes.stream()
                .map(permits -> DynamicTest.dynamicTest(permits + " permits", () -> new Round(permits, each).run()));
    }

    private static final class Round {
        private final int permits;
        private final int each;
        private final AsyncSemaphore semaphore;

        /** Permits out, by those who have them: raised after one has come, lowered before it goes. */
        private final AtomicInteger out = new AtomicInteger();

        private final AtomicInteger mostOut = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();
        private final AtomicInteger timedOut = new AtomicInteger();
        private final AtomicInteger served = new AtomicInteger();
        private final ConcurrentLinkedQueue<Held> held = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

        /** What threads have started, for others to cancel. */
        private final AtomicReferenceArray<Asker> started = new AtomicReferenceArray<>(32);

        Round(int permits, int each) {
            this.permits = permits;
            this.each = each;
            this.semaphore = AsyncSemaphore.of(permits);
        }

        void run() {
            Together.run(THREADS, number -> {
                SplittableRandom random = new SplittableRandom(permits * 1000L + number);
                for (int i = 0; i < each; i++) {
                    step(random);
                }
            });
            // What is still held is released, and that serves those who wait, some of whom hold theirs then.
            long start = System.nanoTime();
            while (open.get() > 0 || semaphore.available() < permits) {
                releaseOne(false);
                if (System.nanoTime() - start > 20_000_000_000L) {
                    break;
                }
                Thread.onSpinWait(); // a timer's thread may be telling somebody
            }
            assertThat(broken).isEmpty();
            assertThat(open).as("everybody who did not cancel was told").hasValue(0);
            assertThat(semaphore.available()).as("permits that are back").isEqualTo(permits);
            assertThat(semaphore.waiting()).isZero();
            assertThat(out).hasValue(0);
            assertThat(mostOut.get()).isEqualTo(permits);
            assertThat(served).hasPositiveValue();
            assertThat(timedOut).hasPositiveValue();
            assertThat(semaphore.withPermit(permits, Mono.just(1)).block()).isEqualTo(1);
        }

        private void step(SplittableRandom random) {
            int weight = 1 + random.nextInt(permits);
            switch (random.nextInt(10)) {
                case 0 -> {
                    Permit permit = semaphore.tryAcquire();
                    if (permit != null) {
                        keep(permit, 1);
                    }
                }
                case 1, 2 -> ask(semaphore.acquire(weight), weight, random);
                case 3 -> ask(semaphore.withPermit(weight, body(weight, random)), 0, random);
                case 4 ->
                    ask(semaphore.withPermit(Duration.ofNanos(random.nextInt(300_000)), body(1, random)), 0, random);
                case 5 -> ask(semaphore.withPermit(Flux.from(body(1, random))), 0, random);
                case 6 -> ask(semaphore.withPermit(Duration.ZERO, body(1, random)), 0, random);
                default -> releaseOne(random.nextInt(8) == 0);
            }
        }

        /** Half of them never end, until they are cancelled or somebody who releases permits ends them. */
        private Mono<Integer> body(int weight, SplittableRandom random) {
            boolean ends = random.nextBoolean();
            return new Mono<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Integer> subscriber) {
                    cameOut(weight);
                    Body body = new Body(weight, subscriber);
                    subscriber.onSubscribe(body);
                    if (ends) {
                        body.end();
                    } else {
                        held.add(body);
                    }
                }
            };
        }

        /** Half of the time cancels something another thread has started, or this thread. */
        private void ask(Publisher<?> wait, int weight, SplittableRandom random) {
            Asker mine = new Asker(weight, random.nextInt(2 * started.length()));
            open.incrementAndGet();
            wait.subscribe(mine);
            Asker victim = started.getAndSet(random.nextInt(started.length()), mine);
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

        private void keep(Permit permit, int weight) {
            cameOut(weight);
            AtomicBoolean released = new AtomicBoolean();
            held.add(twice -> {
                if (released.compareAndSet(false, true)) {
                    out.addAndGet(-weight);
                }
                permit.release();
                if (twice) {
                    permit.release();
                }
            });
        }

        private void cameOut(int weight) {
            int now = out.addAndGet(weight);
            mostOut.accumulateAndGet(now, Math::max);
            if (now > permits) {
                broken.add(now + " permits out of " + permits);
            }
        }

        private void releaseOne(boolean twice) {
            Held first = held.poll();
            if (first != null) {
                first.release(twice);
            }
        }

        /** What runs under a permit. */
        private final class Body implements Subscription, Held {
            private final int weight;
            private final CoreSubscriber<? super Integer> subscriber;
            private final AtomicBoolean over = new AtomicBoolean();

            Body(int weight, CoreSubscriber<? super Integer> subscriber) {
                this.weight = weight;
                this.subscriber = subscriber;
            }

            void end() {
                if (leave()) {
                    subscriber.onNext(weight);
                    subscriber.onComplete();
                }
            }

            private boolean leave() {
                boolean first = over.compareAndSet(false, true);
                if (first) {
                    out.addAndGet(-weight);
                }
                return first;
            }

            @Override
            public void release(boolean twice) {
                end();
            }

            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                leave();
            }
        }

        /** Somebody who is told once, unless it cancels. */
        private final class Asker implements CoreSubscriber<Object> {
            /** What is in the permit it is given; 0 if it is given none. */
            private final int weight;

            /** Whom it cancels when it is told something: one that is to be told next, perhaps. Often nobody. */
            private final int victim;

            private final AtomicBoolean settled = new AtomicBoolean();
            private final AtomicInteger ends = new AtomicInteger();
            private final AtomicReference<Subscription> subscription = new AtomicReference<>();

            Asker(int weight, int victim) {
                this.weight = weight;
                this.victim = victim;
            }

            void cancel() {
                Subscription current = subscription.get();
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
            public void onSubscribe(Subscription subscription) {
                this.subscription.set(subscription);
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Object element) {
                if (element instanceof Permit permit) {
                    keep(permit, weight);
                }
                if (victim < started.length()) {
                    Asker other = started.get(victim);
                    if (other != null && other != this) {
                        other.cancel();
                    }
                }
            }

            @Override
            public void onComplete() {
                served.incrementAndGet();
                end();
            }

            @Override
            public void onError(Throwable error) {
                if (error instanceof WaitTimeoutException) {
                    timedOut.incrementAndGet();
                } else {
                    broken.add(error.toString());
                }
                end();
            }

            private void end() {
                if (ends.incrementAndGet() != 1) {
                    broken.add("told twice");
                }
                settle();
            }
        }
    }

    @FunctionalInterface
    private interface Held {
        void release(boolean twice);
    }
}
