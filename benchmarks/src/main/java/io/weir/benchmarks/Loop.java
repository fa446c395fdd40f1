package io.weir.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Subscribes to one Mono after the other and emits the sum of the Integers they gave, so that what is measured is the Monos and
 * not the operators that would chain them. In constant stack. A step that completes before {@code subscribe} returns costs no
 * atomic operation; one that completes later costs two.
 */
final class Loop extends Mono<Long> {
    private final int rounds;
    private final IntFunction<? extends Mono<?>> step;

    Loop(int rounds, IntFunction<? extends Mono<?>> step) {
        this.rounds = rounds;
        this.step = step;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Long> subscriber) {
        Running running = new Running(this, subscriber);
        subscriber.onSubscribe(running);
        running.proceed();
    }

    private enum Step {
        SUBSCRIBING,
        LEFT, // by the thread that subscribed: the one that completes it proceeds
        COMPLETE // by another thread, before the one that subscribed has left
    }

    private static final class Running extends AtomicReference<Step> implements CoreSubscriber<Object>, Subscription {
        private static final long serialVersionUID = 1L;

        private final transient Loop loop;
        private final transient CoreSubscriber<? super Long> subscriber;
        // Only a thread that has written its own name can read it here: it takes it out again before it leaves.
        private transient @Nullable Thread subscribing;
        private boolean completed; // by the subscribing thread
        private int round;
        private long sum;

        Running(Loop loop, CoreSubscriber<? super Long> subscriber) {
            this.loop = loop;
            this.subscriber = subscriber;
        }

        void proceed() {
            Thread self = Thread.currentThread();
            while (round < loop.rounds) {
                subscribing = self;
                completed = false;
                setPlain(Step.SUBSCRIBING);
                loop.step.apply(round++).subscribe(this);
                if (!completed) {
                    subscribing = null;
                    if (compareAndSet(Step.SUBSCRIBING, Step.LEFT)) {
                        return;
                    }
                }
            }
            subscribing = null;
            subscriber.onNext(sum);
            subscriber.onComplete();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object value) {
            if (value instanceof Integer number) {
                sum += number;
            }
        }

        @Override
        public void onError(Throwable error) {
            subscriber.onError(error);
        }

        @Override
        public void onComplete() {
            if (subscribing == Thread.currentThread()) {
                completed = true;
            } else if (!compareAndSet(Step.SUBSCRIBING, Step.COMPLETE)) {
                proceed();
            }
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
