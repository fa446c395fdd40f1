package io.weir.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What {@code CompletableFuture} leaves to its users. */
final class Futures {
    private Futures() {}

    /** Waits for all and lists their values. */
    static <T> List<T> list(List<CompletableFuture<T>> futures) {
        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();
        List<T> list = new ArrayList<>(futures.size());
        for (CompletableFuture<T> future : futures) {
            list.add(future.join());
        }
        return list;
    }
}
