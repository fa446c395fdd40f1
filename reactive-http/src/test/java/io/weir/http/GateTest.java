package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What the client promises, seen by the server: how many at once, in all and for each host, and in which order. */
class GateTest {
    private final Map<String, AtomicInteger> now = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> open = Sinks.empty();
    private Mono<Void> before = Mono.delay(Duration.ofMillis(2)).then();
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("0.0.0.0")
                .port(0)
                .handle((req, res) -> {
                    String host = req.requestHeaders().get("Host");
                    order.add(host + req.uri());
                    enter(host);
                    enter("all");
                    // Counted until the answer goes out: who gets it may ask again before the server is done with this.
                    // Not from a pool: Reactor Netty's server leaks what it allocated for a client that is gone.
                    return res.send(before.then(Mono.fromSupplier(() -> {
                        leave(host);
                        leave("all");
                        return Unpooled.wrappedBuffer(new byte[] {'o', 'k'});
                    })));
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    private void enter(String key) {
        int count = now.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
        most.computeIfAbsent(key, k -> new AtomicInteger()).accumulateAndGet(count, Math::max);
    }

    private void leave(String key) {
        now.computeIfAbsent(key, k -> new AtomicInteger()).decrementAndGet();
    }

    private int most(String key) {
        return most.getOrDefault(key, new AtomicInteger()).get();
    }

    private String url(int host, int path) {
        return "http://127.0.1." + host + ":" + server.port() + "/" + path;
    }

    @Test
    void theServerNeverSeesMoreThanTheLimits() {
        try (FetchClient client =
                FetchClient.builder().maxInFlight(10).maxPerHost(3).build()) {
            Long count = Flux.range(0, 1000)
                    .flatMap(i -> client.fetch(url(1 + i % 8, i)), 1000)
                    .count()
                    .block(Duration.ofSeconds(60));
            assertThat(count).isEqualTo(1000);
            assertThat(most("all")).isBetween(4, 10);
            most.forEach((host, seen) -> assertThat(seen.get()).isLessThanOrEqualTo(host.equals("all") ? 10 : 3));
            Eventually.settled(client);
            assertThat(client.stats().openSockets()).isLessThanOrEqualTo(24);
        }
    }

    @Test
    void oneHostReachesItsLimitAndNotMore() {
        try (FetchClient client = FetchClient.builder().maxPerHost(5).build()) {
            Flux.range(0, 200).flatMap(i -> client.fetch(url(1, i)), 200).blockLast(Duration.ofSeconds(60));
            assertThat(most("all")).isEqualTo(5);
            assertThat(client.stats().openSockets()).isLessThanOrEqualTo(5);
        }
    }

    @Test
    void aCrowdForOneHostDoesNotHoldUpTheOthers() {
        before = open.asMono();
        try (FetchClient client =
                FetchClient.builder().maxInFlight(8).maxPerHost(4).build()) {
            Disposable.Composite crowd = Disposables.composite();
            for (int i = 0; i < 500; i++) {
                crowd.add(client.fetch(url(1, i)).subscribe());
            }
            Eventually.check("the crowd fills its own share", () -> order.size() == 4);
            crowd.add(client.fetch(url(2, 0)).subscribe());
            Eventually.check("another host passes", () -> order.size() == 5);
            assertThat(order.get(4)).contains("127.0.1.2");
            assertThat(client.stats().waiting()).isEqualTo(496);
            assertThat(client.stats().hosts()).isEqualTo(2);
            crowd.dispose();
            Eventually.settled(client);
        }
    }

    @Test
    void hostsTakeTurnsForTheTotal() {
        try (FetchClient client =
                FetchClient.builder().maxInFlight(4).maxPerHost(4).threads(1).build()) {
            List<Mono<FetchResponse>> fetches = new ArrayList<>();
            IntStream.rangeClosed(1, 5)
                    .forEach(host -> IntStream.range(0, 40).forEach(i -> fetches.add(client.fetch(url(host, i)))));
            Flux.merge(Flux.fromIterable(fetches), 500, 1).blockLast(Duration.ofSeconds(60));
            // In order of arrival alone, the first host's 40 would all come before the last host's first.
            int lastHostBegins = IntStream.range(0, order.size())
                    .filter(i -> order.get(i).startsWith("127.0.1.5"))
                    .findFirst()
                    .getAsInt();
            assertThat(lastHostBegins).isLessThan(40);
        }
    }

    @Test
    void oneHostIsServedInOrderOfArrival() {
        try (FetchClient client = FetchClient.builder().maxPerHost(1).build()) {
            Flux.range(0, 100).flatMap(i -> client.fetch(url(1, i)), 100).blockLast(Duration.ofSeconds(60));
            assertThat(order.stream().map(line -> line.substring(line.indexOf('/') + 1)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 100).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void oneTooManyWaitersIsToldAtOnce() {
        before = open.asMono();
        try (FetchClient client =
                FetchClient.builder().maxPerHost(1).maxWaiting(3).build()) {
            Disposable.Composite held = Disposables.composite();
            for (int i = 0; i < 4; i++) {
                held.add(client.fetch(url(1, i)).subscribe());
            }
            assertThat(client.stats().waiting()).isEqualTo(3);
            FetchLimitException error = catchThrowableOfType(
                    FetchLimitException.class, () -> client.fetch(url(1, 9)).block(Duration.ofSeconds(20)));
            assertThat(error.setting()).isEqualTo("maxWaiting");
            assertThat(error.limit()).isEqualTo(3);
            assertThat(error.phase()).isEqualTo(FetchPhase.QUEUE);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.isTransient()).isTrue();
            assertThat(client.stats().waiting()).isEqualTo(3);
            // A host whose permits are free need not wait, so it is not one of too many.
            held.add(client.fetch(url(2, 0)).subscribe());
            Eventually.check("the other host passes", () -> order.size() == 2);
            held.dispose();
            Eventually.settled(client);
        }
    }

    @Test
    void cancelledWaitersLeaveTheirPlaceToTheNext() {
        before = open.asMono();
        try (FetchClient client = FetchClient.builder().maxPerHost(1).build()) {
            Disposable first = client.fetch(url(1, 0)).subscribe();
            List<Disposable> waiters = new ArrayList<>();
            for (int i = 1; i <= 50; i++) {
                waiters.add(client.fetch(url(1, i)).subscribe());
            }
            Mono<FetchResponse> last = client.fetch(url(1, 99));
            List<FetchResponse> got = new CopyOnWriteArrayList<>();
            last.subscribe(got::add);
            waiters.forEach(Disposable::dispose);
            assertThat(client.stats().waiting()).isEqualTo(1);
            open.tryEmitEmpty();
            Eventually.check("the last gets its turn", () -> got.size() == 1);
            assertThat(order).hasSize(2);
            first.dispose();
            Eventually.settled(client);
        }
    }

    @Test
    void hostsAreForgottenWithTheirPools() {
        try (FetchClient client =
                FetchClient.builder().idleTime(Duration.ofMillis(50)).build()) {
            Flux.range(1, 250).flatMap(host -> client.fetch(url(host, 0)), 250).blockLast(Duration.ofSeconds(60));
            Eventually.quiet(client);
            Eventually.check("idle sockets go", () -> client.stats().openSockets() == 0);
            assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
            // And come again.
            assertThat(Await.value(client.fetch(url(1, 0))).text()).isEqualTo("ok");
        }
    }

    @Test
    void idleSocketsMakeRoomForNewOnes() {
        try (FetchClient client =
                FetchClient.builder().maxOpenSockets(20).maxPerHost(2).build()) {
            AtomicInteger top = new AtomicInteger();
            Flux.range(0, 2000)
                    .flatMap(i -> client.fetch(url(1 + i % 200, i)), 100)
                    .doOnNext(r -> top.accumulateAndGet(client.stats().openSockets(), Math::max))
                    .blockLast(Duration.ofSeconds(60));
            assertThat(most("all")).isLessThanOrEqualTo(20);
            // Those being closed are counted until they are.
            assertThat(top.get()).isLessThanOrEqualTo(40);
            Eventually.check("within the bound at rest", () -> client.stats().openSockets() <= 20);
        }
    }
}
