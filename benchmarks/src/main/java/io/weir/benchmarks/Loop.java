package io.weir.benchmarks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * Subscribes to one Mono after the other and does nothing else, so that what is measured is the Monos and not the operators that
 * would chain them. In constant stack.
 */
final class Loop extends Mono<Void> {
    private final int rounds;
    private final IntFunction<Mono<?>> step;

    Loop(int rounds, IntFunction<Mono<?>> step) {
        this.rounds = rounds;
        this.step = step;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        Running running = new Running(this, subscriber);
        subscriber.onSubscribe(running);
        running.proceed();
    }

    private static final class Running implements CoreSubscriber<Object>, Subscription {
        private final Loop loop;
        private final CoreSubscriber<? super Void> subscriber;
        private final AtomicInteger wip = new AtomicInteger();
        private int round;

        Running(Loop loop, CoreSubscriber<? super Void> subscriber) {
            this.loop = loop;
            this.subscriber = subscriber;
        }

        void proceed() {
            if (wip.getAndIncrement() != 0) {
                return;
            }
            do {
                if (round == loop.rounds) {
                    subscriber.onComplete();
                    return;
                }
                loop.step.apply(round++).subscribe(this);
            } while (wip.decrementAndGet() != 0);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(@Nullable Object value) {}

        @Override
        public void onError(Throwable error) {
            subscriber.onError(error);
        }

        @Override
        public void onComplete() {
            proceed();
        }

        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
