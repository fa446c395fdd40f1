package io.weir.core.sync;

import java.util.AbstractQueue;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** The numbers from 0, there already and offered to be polled; counts that, and notices who uses it when it must not be used. */
final class Numbers extends Flux<Integer> implements Fuseable, Scannable {
    private final int count;
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicInteger cancels = new AtomicInteger();
    private volatile int polled;
    private volatile boolean broken;

    Numbers(int count) {
        this.count = count;
    }

    int polled() {
        return polled;
    }

    /** How often it was cancelled; 9 if it was polled by two, or cancelled during a poll, or polled after that. */
    int cancels() {
        return broken ? 9 : cancels.get();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Integer> subscriber) {
        subscriber.onSubscribe(new Elements());
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.BUFFERED ? count : null;
    }

    private void enter() {
        if (users.incrementAndGet() != 1 || cancels.get() > 0) {
            broken = true;
        }
    }

    private final class Elements extends AbstractQueue<Integer> implements Fuseable.QueueSubscription<Integer> {
        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // by one at a time, or it is told to be broken
        public @Nullable Integer poll() {
            enter();
            Integer next = polled == count ? null : Integer.valueOf(polled++);
            users.decrementAndGet();
            return next;
        }

        @Override
        public void cancel() {
            enter();
            cancels.incrementAndGet();
            users.decrementAndGet();
        }

        @Override
        public int requestFusion(int mode) {
            return mode & Fuseable.SYNC;
        }

        @Override
        public void request(long n) {
            broken = true; // it is polled
        }

        @Override
        public int size() {
            return count - polled;
        }

        @Override
        public boolean offer(Integer value) {
            return false;
        }

        @Override
        public @Nullable Integer peek() {
            return null;
        }

        @Override
        public Iterator<Integer> iterator() {
            return Collections.emptyIterator();
        }
    }
}
