package io.weir.benchmarks;

import com.softwaremill.jox.Channel;
import com.softwaremill.jox.ChannelClosed;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** The work of {@link QueueBenchmark} on virtual threads, one for each side. */
public class VirtualQueueBenchmark extends QueueWork {
    /** Jox's channel, closed when all is sent. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long joxChannel() throws InterruptedException {
        Channel<Integer> channel =
                capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity);
        long[] sums = new long[consumers()];
        VirtualThreads takers = VirtualThreads.start(consumers(), c -> {
            long sum = 0;
            Object next = channel.receiveOrClosed();
            while (!(next instanceof ChannelClosed)) {
                sum += (Integer) next;
                next = channel.receiveOrClosed();
            }
            sums[c] = sum;
        });
        VirtualThreads.start(producers(), p -> {
                    for (int i = 0; i < putsEach(); i++) {
                        channel.send(i);
                    }
                })
                .join();
        channel.done();
        takers.join();
        return VirtualThreads.sum(sums);
    }

    /** The JDK's: an {@code ArrayBlockingQueue}, or a {@code SynchronousQueue} for a rendezvous. Not fair. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long jdkQueue() throws InterruptedException {
        return jdk(false);
    }

    /** As {@link #jdkQueue}, first come first served, as Weir's, Kotlin's and Jox's are. */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long jdkQueueFair() throws InterruptedException {
        return jdk(true);
    }

    private long jdk(boolean fair) throws InterruptedException {
        BlockingQueue<Integer> queue =
                capacity == 0 ? new SynchronousQueue<>(fair) : new ArrayBlockingQueue<>(capacity, fair);
        long[] sums = new long[consumers()];
        VirtualThreads takers = VirtualThreads.start(consumers(), c -> {
            long sum = 0;
            for (int i = 0; i < takesEach(); i++) {
                sum += queue.take();
            }
            sums[c] = sum;
        });
        VirtualThreads.start(producers(), p -> {
                    for (int i = 0; i < putsEach(); i++) {
                        queue.put(i);
                    }
                })
                .join();
        takers.join();
        return VirtualThreads.sum(sums);
    }
}
