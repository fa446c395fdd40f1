package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.weir.http.FetchAllOptions;
import io.weir.http.FetchClient;
import io.weir.http.FetchRequest;
import java.io.File;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * What is measured by the process and not by JMH: {@code large}, a body of a gibibyte streamed through a heap of 128 MB, and {@code bulk}, a
 * hundred thousand URLs over a thousand hosts. A line for each round: its time, the heap in use and the sockets open after it.
 */
public final class FetchProcess {
    private static final int HOSTS = 1000;

    private FetchProcess() {}

    /**
     * Runs one peer, a few rounds.
     *
     * @param arguments {@code large} or {@code bulk}; {@code weir}, {@code weirAllOpen} (a socket for each that Reactor Netty has), {@code
     *     reactorNetty} or {@code reactorNettyCopied} (each chunk copied, as Weir does); and how many rounds and, for bulk, URLs, if not 5 and 100 000
     */
    public static void main(String[] arguments) {
        boolean large = arguments[0].equals("large");
        boolean weir = arguments[1].startsWith("weir");
        boolean copied = arguments[1].equals("reactorNettyCopied");
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        int urls = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 100_000;
        try (FetchServer.Started server = FetchServer.start()) {
            LongSupplier work;
            if (weir) {
                FetchClient client = FetchClient.builder()
                        .threads(1)
                        .totalTimeout(Duration.ofMinutes(5))
                        .maxOpenSockets(arguments[1].equals("weirAllOpen") ? 10_000 : 1024)
                        .build();
                work = large ? () -> large(client, server.port()) : () -> bulk(client, server.port(), urls);
            } else {
                HttpClient client = reactorNetty();
                work = large ? () -> large(client, server.port(), copied) : () -> bulk(client, server.port(), urls);
            }
            for (int round = 0; round < rounds; round++) {
                long start = System.nanoTime();
                long result = work.getAsLong();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                Runtime jvm = Runtime.getRuntime();
                long heap = (jvm.totalMemory() - jvm.freeMemory()) >> 20;
                System.out.printf(
                        "%s %s: %d ms, %d, heap %d MiB, descriptors %d%n",
                        arguments[0], arguments[1], millis, result, heap, descriptors());
            }
        }
        System.exit(0); // the clients are left to the process
    }

    /** As many connections for each host as Weir has, the last used first, idle ones dropped: what does best of what it offers. */
    private static HttpClient reactorNetty() {
        ConnectionProvider connections = ConnectionProvider.builder("peer")
                .maxConnections(8)
                .pendingAcquireMaxCount(-1)
                .maxIdleTime(Duration.ofSeconds(15))
                .evictInBackground(Duration.ofSeconds(5))
                .lifo()
                .build();
        return HttpClient.create(connections).runOn(new FetchLoops());
    }

    private static long large(FetchClient client, int port) {
        return length(client.exchange(
                FetchRequest.get("http://127.0.0.1:" + port + "/large"),
                response -> sum(response.body().map(FetchProcess::taken))));
    }

    /** @param copied as whoever keeps a chunk must, or gives it to another thread; Weir always does */
    private static long large(HttpClient client, int port, boolean copied) {
        ByteBufFlux content = client.get().uri("http://127.0.0.1:" + port + "/large").responseContent();
        return length(
                sum(copied ? content.asByteArray().map(bytes -> bytes.length) : content.map(ByteBuf::readableBytes)));
    }

    private static int taken(ByteBuf chunk) {
        int size = chunk.readableBytes();
        chunk.release();
        return size;
    }

    private static Mono<Long> sum(Flux<Integer> sizes) {
        return sizes.reduce(0L, Long::sum);
    }

    private static long bulk(FetchClient client, int port, int urls) {
        return length(client.fetchAll(
                        Flux.range(0, urls), i -> FetchRequest.get(url(i, urls, port)), FetchAllOptions.standard())
                .filter(fetched -> fetched.outcome().isSuccess())
                .count());
    }

    private static long bulk(HttpClient client, int port, int urls) {
        return length(Flux.range(0, urls)
                .flatMap(
                        i -> client.get()
                                .uri(url(i, urls, port))
                                .responseSingle((head, body) -> body.asByteArray())
                                .onErrorResume(error -> Mono.empty()),
                        256)
                .count());
    }

    /** In runs of one host, as lists of links are. */
    private static String url(int number, int urls, int port) {
        int host = (int) ((long) number * HOSTS / urls);
        return "http://127." + (1 + host / 250) + ".1." + (1 + host % 250) + ":" + port + "/small";
    }

    private static long length(Mono<Long> result) {
        return Objects.requireNonNull(result.block(Duration.ofMinutes(10)));
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? -1 : open.length;
    }
}
