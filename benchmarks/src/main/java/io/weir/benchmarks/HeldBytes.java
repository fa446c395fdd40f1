package io.weir.benchmarks;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.TaskGroup;
import java.io.IOException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.IntFunction;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The heap that a million who wait hold, in bytes for each: what is there after a collection with them, less what was there without.
 * Without arguments it starts itself once for each who can wait; with a name it prints that one.
 */
public final class HeldBytes {
    private static final int WAITING = 1_000_000;

    /** Makes a number of those who wait, and returns what keeps them alive. */
    interface Peers {
        Map<String, IntFunction<Object>> peers();
    }

    private HeldBytes() {}

    private static Map<String, IntFunction<Object>> peers() {
        Map<String, IntFunction<Object>> peers = new LinkedHashMap<>();
        peers.put("take: Weir, Mono and wait", HeldBytes::takes);
        peers.put("take: Weir, with a subscriber for each", HeldBytes::subscribedTakes);
        peers.put("take: Kotlin, a coroutine", KotlinPeer::receivers);
        peers.put("sleep: Mono.delay", HeldBytes::delays);
        peers.put("sleep: Mono.delay, with a subscriber for each", HeldBytes::subscribedDelays);
        peers.put("sleep: Weir, a task in a group, in the tree", HeldBytes::tasks);
        peers.put("sleep: Kotlin, a coroutine", KotlinPeer::sleepers);
        ServiceLoader.load(Peers.class).forEach(more -> peers.putAll(more.peers()));
        return peers;
    }

    private static Object takes(int count) {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(64);
        for (int i = 0; i < count; i++) {
            queue.take().subscribe(Nobody.INSTANCE);
        }
        return queue;
    }

    private static Object subscribedTakes(int count) {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(64);
        for (int i = 0; i < count; i++) {
            queue.take().subscribe();
        }
        return queue;
    }

    private static Object delays(int count) {
        Mono<Long> delay = Mono.delay(Duration.ofHours(1));
        for (int i = 0; i < count; i++) {
            delay.subscribe(Nobody.INSTANCE);
        }
        return delay;
    }

    private static Object subscribedDelays(int count) {
        Mono<Long> delay = Mono.delay(Duration.ofHours(1));
        for (int i = 0; i < count; i++) {
            delay.subscribe();
        }
        return delay;
    }

    private static Object tasks(int count) {
        TaskGroup group = TaskGroup.open();
        Mono<Long> delay = Mono.delay(Duration.ofHours(1));
        for (int i = 0; i < count; i++) {
            group.start("task", delay);
        }
        return group;
    }

    /** One subscriber for all, so that what is told is what the waiting itself takes. */
    private enum Nobody implements CoreSubscriber<Object> {
        INSTANCE;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object value) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }

    private static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(200);
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static long each(IntFunction<Object> peer) throws InterruptedException {
        Object first = peer.apply(1000); // pools and classes
        long before = used();
        Object waiting = peer.apply(WAITING);
        try {
            return Math.round((used() - before) / (double) WAITING);
        } finally {
            Reference.reachabilityFence(first);
            Reference.reachabilityFence(waiting);
        }
    }

    private static void inItsOwnProcess(String peer) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-Xms3g",
                "-Xmx3g",
                "-cp",
                System.getProperty("java.class.path"),
                HeldBytes.class.getName(),
                peer));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(peer);
        }
    }

    /**
     * Prints a line for each.
     *
     * @param args a peer's name, or nothing
     * @throws Exception if a process cannot be started
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            for (String peer : peers().keySet()) {
                inItsOwnProcess(peer);
            }
            return;
        }
        IntFunction<Object> peer = peers().get(args[0]);
        if (peer == null) {
            throw new IllegalArgumentException("one of " + peers().keySet());
        }
        System.out.printf("%-50s %5d B%n", args[0], each(peer));
        System.exit(0); // the pools' threads are not daemons
    }
}
