package io.weir.core.sync;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** Elements that are there already, offered to be polled; tells what became of it. */
final class AtHand extends Flux<Integer> implements Fuseable, Scannable {
    final AtomicInteger polled = new AtomicInteger();
    final AtomicInteger cancels = new AtomicInteger();
    /** Two at once, or one after the source was cancelled. */
    final AtomicInteger mistakes = new AtomicInteger();

    private final int count;
    private final IntFunction<Integer> element;

    AtHand(int count, IntFunction<Integer> element) {
        this.count = count;
        this.element = element;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Integer> subscriber) {
        subscriber.onSubscribe(new Elements());
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.BUFFERED ? count : null;
    }

    private final class Elements extends java.util.AbstractQueue<Integer>
            implements Fuseable.QueueSubscription<Integer>, Queue<Integer> {
        private final AtomicBoolean busy = new AtomicBoolean();
        private volatile boolean cancelled;
        private int next;

        @Override
        public @Nullable Integer poll() {
            if (cancelled || !busy.compareAndSet(false, true)) {
                mistakes.incrementAndGet();
            }
            try {
                if (next == count) {
                    return null;
                }
                Integer value = element.apply(next);
                next++;
                polled.incrementAndGet();
                return value;
            } finally {
                busy.set(false);
            }
        }

        @Override
        public void cancel() {
            if (busy.get()) {
                mistakes.incrementAndGet();
            }
            cancelled = true;
            cancels.incrementAndGet();
        }

        @Override
        public int requestFusion(int mode) {
            return mode & Fuseable.SYNC;
        }

        @Override
        public void request(long n) {
            mistakes.incrementAndGet();
        }

        @Override
        public int size() {
            return count - next;
        }

        @Override
        public boolean offer(Integer value) {
            throw new IllegalStateException();
        }

        @Override
        public @Nullable Integer peek() {
            throw new IllegalStateException();
        }

        @Override
        public java.util.Iterator<Integer> iterator() {
            throw new IllegalStateException();
        }
    }
}
