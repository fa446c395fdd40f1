package io.weir.benchmarks;

import com.softwaremill.jox.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

/** Virtual threads that wait, for {@link HeldBytes}. */
public final class VirtualHeldBytes implements HeldBytes.Peers {
    @Override
    public Map<String, IntFunction<Object>> peers() {
        return Map.of(
                "take: ArrayBlockingQueue, a virtual thread", VirtualHeldBytes::takers,
                "take: Jox, a virtual thread", VirtualHeldBytes::receivers,
                "sleep: a virtual thread", VirtualHeldBytes::sleepers);
    }

    private static Object takers(int count) {
        BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(64);
        return List.of(queue, started(count, queue::take));
    }

    private static Object receivers(int count) {
        Channel<Integer> channel = Channel.newBufferedChannel(64);
        return List.of(channel, started(count, channel::receive));
    }

    private static Object sleepers(int count) {
        return started(count, () -> {
            Thread.sleep(Duration.ofHours(1));
            return 0;
        });
    }

    private interface Wait {
        Object now() throws Exception;
    }

    /** Returns when all are about to wait; the collections that are measured give the last of them the time to. */
    private static Object started(int count, Wait wait) {
        CountDownLatch about = new CountDownLatch(count);
        VirtualThreads threads = VirtualThreads.start(count, i -> {
            about.countDown();
            wait.now();
        });
        try {
            about.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return threads;
    }
}
