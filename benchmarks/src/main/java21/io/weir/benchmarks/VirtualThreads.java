package io.weir.benchmarks;

/** Some virtual threads that do the same, to be joined. */
final class VirtualThreads {
    interface Body {
        void run(int number) throws Exception;
    }

    private final Thread[] threads;

    private VirtualThreads(int count) {
        threads = new Thread[count];
    }

    static VirtualThreads start(int count, Body body) {
        VirtualThreads started = new VirtualThreads(count);
        for (int i = 0; i < count; i++) {
            int number = i;
            started.threads[i] = Thread.ofVirtual().start(() -> {
                try {
                    body.run(number);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        return started;
    }

    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    static long sum(long[] sums) {
        long all = 0;
        for (long sum : sums) {
            all += sum;
        }
        return all;
    }
}
