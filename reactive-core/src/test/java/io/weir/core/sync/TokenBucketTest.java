package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

class TokenBucketTest {
    private final AtomicLong seconds = new AtomicLong(5000);

    /** A clock that can be set, as the wall clock can. */
    private final Scheduler clock = new Scheduler() {
        @Override
        public long now(TimeUnit unit) {
            return unit.convert(seconds.get(), TimeUnit.SECONDS);
        }

        @Override
        public Disposable schedule(Runnable task) {
            throw new AssertionError("not used");
        }

        @Override
        public Worker createWorker() {
            throw new AssertionError("not used");
        }
    };

    @Test
    void tokensGoOnDroppingInWhenTheClockIsSetBack() {
        TokenBucket bucket = new TokenBucket(1, Duration.ofSeconds(1), 3);
        bucket.refill(clock, true);
        while (bucket.take()) {
            // empties it
        }
        seconds.addAndGet(-3600);
        bucket.refill(clock, true);
        assertThat(bucket.take()).isFalse();
        seconds.addAndGet(1);
        bucket.refill(clock, true);
        assertThat(bucket.take()).isTrue();
        assertThat(bucket.take()).isFalse();
    }
}
