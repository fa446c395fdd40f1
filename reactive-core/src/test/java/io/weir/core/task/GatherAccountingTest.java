package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Random trees of gatherings over sources that end on several threads and heed no cancel, themselves cancelled at a random moment:
 * every value that was made is told or discarded, once.
 */
class GatherAccountingTest {
    private static final int ROUNDS = Integer.getInteger("weir.operations", 300_000) / 60;
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(3);

    @AfterAll
    static void stop() {
        THREADS.shutdown();
    }

    @Test
    void everyValueIsToldOrDiscardedOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            Tree tree = new Tree(round);
            tree.run();
            assertThat(tree.accounted()).as("round " + round).containsExactlyInAnyOrderElementsOf(tree.made());
            assertThat(tree.ends.get()).as("ends in round " + round).isLessThanOrEqualTo(1);
            if (!tree.cancels) {
                assertThat(tree.ends).as("ends in round " + round).hasValue(1);
            }
        }
    }

    private static final class Tree implements CoreSubscriber<Object> {
        private final Random random;
        private final boolean cancels;
        private final boolean failing;
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger ends = new AtomicInteger();
        private final List<Object> seen = Collections.synchronizedList(new ArrayList<>());
        private final Phaser running = new Phaser(1);
        private final Context context;
        private volatile Subscription subscription;

        Tree(int seed) {
            random = new Random(seed);
            cancels = random.nextBoolean();
            failing = random.nextBoolean();
            context = Operators.enableOnDiscard(Context.empty(), seen::add)
                    .put("reactor.onErrorDropped.local", (java.util.function.Consumer<Throwable>) e -> {});
        }

        void run() {
            node(3).subscribe(this);
            if (cancels) {
                for (int spin = random.nextInt(400); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                subscription.cancel();
            }
            running.arriveAndAwaitAdvance(); // all that was handed to a thread has ended
        }

        List<Integer> made() {
            return java.util.stream.IntStream.range(0, made.get()).boxed().toList();
        }

        List<Integer> accounted() {
            List<Integer> flat = new ArrayList<>();
            flatten(seen, flat);
            return flat;
        }

        private static void flatten(Object value, List<Integer> into) {
            if (value instanceof Integer number) {
                into.add(number);
            } else if (value instanceof List<?> list) {
                list.forEach(each -> flatten(each, into));
            } else if (value instanceof Completion<?> completion) {
                flatten(completion.outcome(), into);
            } else if (value instanceof Outcome.Success<?> success) {
                flatten(success.value(), into);
            }
        }

        private Mono<Object> node(int depth) {
            if (depth == 0 || random.nextInt(4) == 0) {
                return leaf();
            }
            List<Mono<Object>> children = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                children.add(node(depth - 1));
            }
            int bound = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(3);
            return switch (random.nextInt(5)) {
                case 0 -> Gather.failFast(bound, children).cast(Object.class);
                case 1 -> Gather.settled(bound, children).cast(Object.class);
                case 2 -> Gather.firstSuccess(bound, children);
                case 3 -> Gather.asCompleted(bound, children).collectList().cast(Object.class);
                default ->
                    OneByOne.of(Gather.asCompleted(bound, children))
                            .collectList()
                            .cast(Object.class);
            };
        }

        private Mono<Object> leaf() {
            int kind = random.nextInt(8);
            boolean fails = failing && random.nextInt(6) == 0;
            Mono<Object> call = Mono.fromCallable(() -> {
                if (fails) {
                    throw new IllegalStateException("leaf");
                }
                return made.getAndIncrement();
            });
            return switch (kind) {
                case 0 -> call;
                case 1 -> call.hide();
                case 2 -> Mono.empty();
                case 4 -> fails ? call : Mono.defer(() -> Mono.just(made.getAndIncrement()));
                default -> onAThread(fails, kind);
            };
        }

        /** Signals on a thread, or its value at once and its end on a thread, whether it is cancelled or not. */
        private Mono<Object> onAThread(boolean fails, int kind) {
            return new Mono<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Object> subscriber) {
                    subscriber.onSubscribe(Operators.emptySubscription());
                    if (kind == 3) {
                        subscriber.onNext(made.getAndIncrement());
                    }
                    running.register();
                    THREADS.execute(() -> {
                        if (fails) {
                            subscriber.onError(new IllegalStateException("leaf"));
                        } else {
                            if (kind != 3) {
                                subscriber.onNext(made.getAndIncrement());
                            }
                            subscriber.onComplete();
                        }
                        running.arriveAndDeregister();
                    });
                }
            };
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object value) {
            seen.add(value);
        }

        @Override
        public void onError(Throwable error) {
            ends.incrementAndGet();
        }

        @Override
        public void onComplete() {
            ends.incrementAndGet();
        }
    }

    /**
     * Asks for one after another, and keeps none. Reactor's {@code limitRate} will not do here: its {@code publishOn} discards an
     * element twice when it is cancelled between taking it and scheduling it. Both the cancel, which finds the element in the
     * queue, and the signal, which then finds a cancel, discard it.
     */
    private record OneByOne<T>(CoreSubscriber<? super T> actual, AtomicReference<Subscription> upstream)
            implements CoreSubscriber<T>, Subscription {
        static <T> Flux<T> of(Flux<T> source) {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super T> actual) {
                    source.subscribe(new OneByOne<>(actual, new AtomicReference<>()));
                }
            };
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream.set(s);
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(T value) {
            actual.onNext(value);
            upstream.get().request(1);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }

        @Override
        public void request(long n) {
            upstream.get().request(1); // collectList asks once, for all
        }

        @Override
        public void cancel() {
            upstream.get().cancel();
        }
    }
}
