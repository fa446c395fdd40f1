package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * Many URLs over many hosts: an outcome for each, never more sockets than allowed, and nothing left afterwards. The large one is for {@code
 * -Dweir.bulk=true}, as with the profile {@code stress}; on two cores it takes a minute.
 */
class BulkTest {
    private final ConcurrentHashMap<String, AtomicInteger> now = new ConcurrentHashMap<>();
    private final AtomicInteger most = new AtomicInteger();
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("0.0.0.0")
                .port(0)
                .handle((request, response) -> {
                    AtomicInteger running = now.computeIfAbsent(
                            String.valueOf(request.requestHeaders().get("Host")), h -> new AtomicInteger());
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    return response.status(request.uri().endsWith("7") ? 404 : 200)
                            .send(Mono.fromSupplier(() -> {
                                running.decrementAndGet();
                                return Unpooled.wrappedBuffer(new byte[] {'o', 'k'});
                            }));
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    /** In runs of one host, which is the worst order; each 50th of a host that is not there. */
    private String url(int number, int hosts, int count) {
        int host = number / (count / hosts);
        int port = number % 50 == 49 ? 1 : server.port();
        return "http://127." + (1 + host / 250) + ".1." + (1 + host % 250) + ":" + port + "/" + number;
    }

    private void fetch(int count, int hosts, Duration idle, Duration patience) {
        try (FetchClient client = FetchClient.builder()
                .idleTime(idle)
                .retry(RetryPolicy.standard().backoff(Duration.ofMillis(1), Duration.ofMillis(5)))
                .build()) {
            BitSet seen = new BitSet();
            AtomicInteger sockets = new AtomicInteger();
            AtomicInteger responses = new AtomicInteger();
            long start = System.nanoTime();
            Flux<Integer> inputs = Flux.range(0, count);
            client.fetchAll(inputs, i -> FetchRequest.get(url(i, hosts, count)), FetchAllOptions.standard())
                    .doOnNext(outcome -> {
                        assertThat(seen.get(outcome.input())).isFalse();
                        seen.set(outcome.input());
                        responses.addAndGet(outcome.outcome().isSuccess() ? 1 : 0);
                        sockets.accumulateAndGet(client.stats().openSockets(), Math::max);
                    })
                    .blockLast(patience);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertThat(seen.cardinality()).isEqualTo(count);
            assertThat(responses).hasValue(count - count / 50);
            assertThat(sockets.get()).as("sockets, in %d ms", millis).isLessThanOrEqualTo(1024);
            assertThat(most.get()).isLessThanOrEqualTo(8);
            Eventually.quiet(client);
            Eventually.check("no socket is left", () -> client.stats().openSockets() == 0);
            assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
        }
    }

    @Test
    void twoThousandOfAHundredHosts() {
        fetch(2_000, 100, Duration.ofMillis(300), Duration.ofSeconds(60));
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.bulk", matches = "true")
    void aHundredThousandOfAThousandHosts() {
        fetch(100_000, 1_000, Duration.ofSeconds(15), Duration.ofMinutes(10));
    }
}
