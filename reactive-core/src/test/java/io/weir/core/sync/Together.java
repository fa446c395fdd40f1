package io.weir.core.sync;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Runs work on several threads that start at the same moment. */
final class Together {
    private Together() {}

    /** Returns when all have ended; fails if one failed. */
    static void run(int threads, IntConsumer work) {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            Thread thread = new Thread(() -> {
                try {
                    await(start);
                    work.accept(number);
                    end.complete(null);
                } catch (Throwable t) {
                    end.completeExceptionally(t);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        ends.forEach(CompletableFuture::join);
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what {@code made} returns can be collected once it has returned. */
    static boolean isCollected(Supplier<Object> made) {
        ReferenceQueue<Object> dead = new ReferenceQueue<>();
        WeakReference<Object> reference = new WeakReference<>(made.get(), dead);
        try {
            for (int i = 0; i < 50; i++) {
                System.gc();
                if (dead.remove(100) == reference) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
