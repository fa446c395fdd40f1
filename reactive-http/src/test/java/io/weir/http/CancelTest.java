package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class CancelTest {
    /** Not by Reactor Netty's server, which under such a load now and then forgets a request. */
    private static void answer(FaultServer.Peer peer) throws IOException {
        String large = "x".repeat(320 * 1024);
        while (peer.readRequest()) {
            switch (peer.path()) {
                case "/moved" -> peer.send("HTTP/1.1 302 Found\r\nLocation: /slow\r\nContent-Length: 0\r\n\r\n");
                case "/large" -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n" + large);
                case "/slow" -> {
                    LockSupport.parkNanos(3_000_000);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
                default -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }
    }

    private static void cancelWhen(FaultServer.Script script, String scheme, Function<FaultServer, Boolean> reached)
            throws IOException {
        try (FetchClient client = FetchClient.create();
                FaultServer server = new FaultServer(script)) {
            Disposable fetch =
                    client.fetch(scheme + "://127.0.0.1:" + server.port() + "/").subscribe();
            Eventually.check("the phase is reached", () -> reached.apply(server));
            fetch.dispose();
            Eventually.quiet(client);
            Eventually.check(
                    "the connection is closed", () -> client.stats().openSockets() == 0 && server.openNow() == 0);
        }
    }

    @Nested
    class InPhase {
        @Test
        void tls() throws IOException {
            cancelWhen(FaultServer.Peer::hold, "https", server -> server.openNow() == 1);
        }

        @Test
        void headers() throws IOException {
            cancelWhen(
                    peer -> {
                        peer.readRequest();
                        peer.hold();
                    },
                    "http",
                    server -> server.requests().size() == 1);
        }

        @Test
        void body() throws IOException {
            cancelWhen(
                    peer -> {
                        peer.readRequest();
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
                        peer.hold();
                    },
                    "http",
                    server -> server.requests().size() == 1);
        }

        @Test
        void beforeTheStart() {
            try (FetchClient client = FetchClient.create()) {
                StepVerifier.create(client.fetch("http://127.0.0.1:1/"), 0)
                        .expectSubscription()
                        .thenCancel()
                        .verify();
                assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
            }
        }
    }

    @Test
    void aRequestAfterACancelDoesNothing() {
        try (FetchClient client = FetchClient.create()) {
            client.fetch("http://127.0.0.1:1/").subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.cancel();
                    subscription.request(1);
                }
            });
            assertThat(client.fetching().calls()).isZero();
        }
    }

    @Test
    void cancelAfterDeliveryLeavesTheConnectionAlone() throws IOException {
        try (FetchClient client = FetchClient.create();
                FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            for (int i = 0; i < 50; i++) {
                StepVerifier.create(client.fetch(server.url("/")))
                        .expectNextCount(1)
                        .thenCancel()
                        .verify(Duration.ofSeconds(20));
            }
            Eventually.settled(client);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    /**
     * Thousands of fetches of all kinds, half of them cancelled at random moments: the others do not notice, and afterwards
     * it is as if they had never been.
     */
    @Test
    void randomCancelsLeaveNothing() throws IOException {
        byte[] chunk = new byte[8192];
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        FaultServer server = new FaultServer(CancelTest::answer);
        Random random = new Random(42);
        Scheduler canceller = Schedulers.newSingle("canceller", true);
        AtomicInteger uncut = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        try (FetchClient client = FetchClient.builder()
                .maxInFlight(24)
                .maxPerHost(4)
                .maxOpenSockets(30)
                .resolve(host -> loopback)
                .build()) {
            String[] paths = {"/quick", "/slow", "/large", "/moved", "/echo", "https", "closed"};
            Flux.range(0, 5_000)
                    .flatMap(
                            i -> {
                                String path = paths[random.nextInt(random.nextInt(20) == 0 ? 7 : 5)];
                                String host = "h" + random.nextInt(12) + ".example:" + server.port();
                                FetchRequest request = path.equals("/echo")
                                        ? FetchRequest.post("http://" + host + path, chunk)
                                        : path.equals("https")
                                                ? FetchRequest.get("https://" + host + "/")
                                                : path.equals("closed")
                                                        ? FetchRequest.get("http://127.0.2.1:1/")
                                                        : FetchRequest.get("http://" + host + path);
                                Mono<FetchResponse> fetch = client.fetch(request);
                                if (random.nextBoolean() && !path.equals("https") && !path.equals("closed")) {
                                    uncut.incrementAndGet();
                                    return fetch.doOnNext(r -> done.incrementAndGet());
                                }
                                long micros = random.nextInt(10_000);
                                Mono<Long> cut = Mono.create(sink -> sink.onCancel(
                                        canceller.schedule(() -> sink.success(1L), micros, TimeUnit.MICROSECONDS)));
                                return fetch.doOnCancel(cancelled::incrementAndGet)
                                        .takeUntilOther(cut)
                                        .onErrorResume(FetchConnectException.class, error -> Mono.empty());
                            },
                            64)
                    .blockLast(Duration.ofMinutes(2));
            Eventually.settled(client);
            assertThat(done.get()).isEqualTo(uncut.get());
            assertThat(cancelled.get()).isGreaterThan(500);
            assertThat(client.stats().openSockets()).isLessThanOrEqualTo(30);
            // All permits are there: as many as ever fit in at once.
            Long count = Flux.range(0, 200)
                    .flatMap(i -> client.fetch("http://h" + i % 12 + ".example:" + server.port() + "/slow"), 200)
                    .count()
                    .block(Duration.ofSeconds(30));
            assertThat(count).isEqualTo(200);
        } finally {
            canceller.dispose();
            server.close();
        }
    }

    /** The same with repetitions, hedges, shared GETs and circuits in between, and a server that fails every third time. */
    @Test
    void randomCancelsLeaveNothingWithEveryPolicyOn() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        AtomicInteger answers = new AtomicInteger();
        FaultServer server = new FaultServer(peer -> {
            while (peer.readRequest()) {
                int number = answers.incrementAndGet();
                if (number % 7 == 0) {
                    LockSupport.parkNanos(8_000_000);
                }
                if (number % 11 == 0) {
                    return;
                }
                peer.send(
                        number % 3 == 0
                                ? "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy"
                                : peer.path().equals("/moved")
                                        ? "HTTP/1.1 302 Found\r\nLocation: /quick\r\nContent-Length: 0\r\n\r\n"
                                        : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        Random random = new Random(43);
        Scheduler canceller = Schedulers.newSingle("canceller", true);
        AtomicInteger uncut = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Duration milli = Duration.ofMillis(1);
        try (FetchClient client = FetchClient.builder()
                .maxInFlight(24)
                .maxPerHost(4)
                .maxOpenSockets(30)
                .retry(RetryPolicy.standard()
                        .backoff(milli, milli.multipliedBy(4))
                        .budget(100, 1_000))
                .hedge(HedgePolicy.after(milli.multipliedBy(3)))
                .breaker(BreakerPolicy.standard().opensAt(90, 10).openFor(milli.multipliedBy(20)))
                .coalesce(true)
                .resolve(host -> loopback)
                .build()) {
            Flux.range(0, 5_000)
                    .flatMap(
                            i -> {
                                String path = random.nextInt(4) == 0 ? "/moved" : "/" + i % 8;
                                String host = "h" + random.nextInt(6) + ".example:" + server.port();
                                Mono<FetchResponse> fetch = client.fetch("http://" + host + path);
                                if (random.nextBoolean()) {
                                    uncut.incrementAndGet();
                                    return fetch.doOnTerminate(done::incrementAndGet)
                                            .onErrorResume(FetchException.class, error -> Mono.empty());
                                }
                                long micros = random.nextInt(10_000);
                                Mono<Long> cut = Mono.create(sink -> sink.onCancel(
                                        canceller.schedule(() -> sink.success(1L), micros, TimeUnit.MICROSECONDS)));
                                return fetch.takeUntilOther(cut)
                                        .onErrorResume(FetchException.class, error -> Mono.empty());
                            },
                            64)
                    .blockLast(Duration.ofMinutes(2));
            Eventually.settled(client);
            assertThat(done.get()).isEqualTo(uncut.get());
            // A cancel goes on after the subscriber, who told of it, has gone.
            Eventually.check("no flight is left", () -> client.fetching().flights() == 0);
            Eventually.check("no call is left", () -> client.fetching().calls() == 0);
        } finally {
            canceller.dispose();
            server.close();
        }
    }

    @Test
    void cancellingManyAtOnceLeavesNothing() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Random random = new Random(44);
        try (FaultServer server = new FaultServer(CancelTest::answer);
                FetchClient client = FetchClient.builder()
                        .maxInFlight(24)
                        .maxPerHost(4)
                        .maxOpenSockets(30)
                        .resolve(host -> loopback)
                        .build()) {
            String[] paths = {"/quick", "/slow", "/large", "/moved"};
            for (int round = 0; round < 40; round++) {
                FetchAllOptions options = FetchAllOptions.standard().lookAhead(1 + random.nextInt(100));
                Flux<Integer> inputs = Flux.range(0, 100);
                Flux<FetchOutcome<Integer>> all = client.fetchAll(
                        inputs,
                        i -> FetchRequest.get("http://h" + i % 9 + ".example:" + server.port() + paths[i % 4]),
                        round % 2 == 0 ? options : options.inOrder());
                Mono<Long> cut = Mono.delay(Duration.ofNanos(random.nextInt(30_000_000)));
                all.takeUntilOther(cut).blockLast(Duration.ofSeconds(20));
            }
            Eventually.settled(client);
            Eventually.check("no call is left", () -> client.fetching().calls() == 0);
        }
    }
}
