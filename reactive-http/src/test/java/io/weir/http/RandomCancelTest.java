package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Thousands of fetches, most of them cancelled as they enter a phase or a moment later: ten thousand over all protocols, and more with {@code
 * -Dweir.operations}. The others do not notice, and afterwards it is as if they had never been.
 */
class RandomCancelTest {
    private static final int FETCHES = Math.min(200_000, Integer.getInteger("weir.operations", 300_000) / 67);
    private static final String[] PATHS = {"/quick", "/quick", "/large", "/moved", "/busy"};
    private static final Duration MILLI = Duration.ofMillis(1);

    enum Protocol {
        HTTP1,
        HTTP2,
        HTTP2_OVER_TLS
    }

    /** When a fetch is cancelled. */
    private static final class Cut {
        private final FetchPhase at;
        private final long micros;
        private final Sinks.Empty<Void> now = Sinks.empty();

        Cut(FetchPhase at, long micros) {
            this.at = at;
            this.micros = micros;
        }

        void entered(FetchPhase phase, Scheduler scheduler) {
            if (phase == at && micros == 0) {
                now.tryEmitEmpty();
            } else if (phase == at) {
                scheduler.schedule(now::tryEmitEmpty, micros, TimeUnit.MICROSECONDS);
            }
        }
    }

    private static void answer1(FaultServer.Peer peer) throws IOException {
        while (peer.readRequest()) {
            peer.send(
                    switch (peer.path()) {
                        case "/moved" -> "HTTP/1.1 302 Found\r\nLocation: /quick\r\nContent-Length: 0\r\n\r\n";
                        case "/busy" -> "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
                        case "/large" -> "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + "x".repeat(60_000);
                        default -> "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                    });
        }
    }

    private static void answer2(RawHttp2 http, int stream) throws IOException {
        http.send(
                switch (http.path()) {
                    case "/moved" ->
                        RawHttp2.headers(stream, ":status", "302", "location", "/quick") + RawHttp2.end(stream, "");
                    case "/busy" -> RawHttp2.headers(stream, ":status", "503") + RawHttp2.end(stream, "busy");
                    case "/large" ->
                        RawHttp2.ok(stream)
                                + RawHttp2.data(stream, "x".repeat(15_000)).repeat(3)
                                + RawHttp2.end(stream, "x".repeat(15_000));
                    default -> RawHttp2.ok(stream) + RawHttp2.end(stream, "ok");
                });
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingInAnyPhase(Protocol protocol) throws Exception {
        CertificateBuilder names =
                new CertificateBuilder().subject("CN=example").setIsCertificateAuthority(true);
        for (int i = 0; i < 9; i++) {
            names.addSanDnsName("h" + i + ".example");
        }
        X509Bundle certificate = names.buildSelfSigned();
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Scheduler scheduler = Schedulers.newSingle("canceller", true);
        Map<FetchPhase, AtomicInteger> cancelled = new ConcurrentHashMap<>();
        // A request stands for a redirect, which begins the next one.
        FetchPhase[] phases = Stream.of(FetchPhase.values())
                .filter(phase -> phase != FetchPhase.DONE)
                .filter(phase -> phase != FetchPhase.TLS || protocol == Protocol.HTTP2_OVER_TLS)
                .toArray(FetchPhase[]::new);
        Random random = new Random(45);
        AtomicInteger uncut = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        FetchListener listener = new FetchListener() {
            @Override
            public void phase(FetchProgress fetch, FetchPhase from, Duration took, FetchPhase to) {
                entered(fetch, to);
            }

            @Override
            public void redirected(FetchProgress fetch, Redirect redirect) {
                entered(fetch, FetchPhase.REQUEST);
            }

            @Override
            public void retrying(FetchProgress fetch, String why, Duration wait) {
                entered(fetch, FetchPhase.BACKOFF);
            }

            private void entered(FetchProgress fetch, FetchPhase phase) {
                Cut cut = fetch.context().getOrDefault(Cut.class, null);
                if (cut != null) {
                    cut.entered(phase, scheduler);
                }
            }
        };
        FaultServer.Script http2 = RawHttp2.answering(RandomCancelTest::answer2);
        try (FaultServer server = switch (protocol) {
                    case HTTP1 -> new FaultServer(RandomCancelTest::answer1);
                    case HTTP2 -> new FaultServer(http2);
                    case HTTP2_OVER_TLS -> FaultServer.http2OverTls(http2, certificate);
                };
                FetchClient client = FetchClient.builder()
                        .maxInFlight(24)
                        .maxPerHost(4)
                        .maxOpenSockets(30)
                        .http2(protocol == Protocol.HTTP1 ? Http2.OFF : Http2.PRIOR_KNOWLEDGE)
                        .trust(certificate.getCertificate())
                        .retry(RetryPolicy.standard()
                                .backoff(MILLI, MILLI.multipliedBy(4))
                                .budget(100, 100_000))
                        .listener(listener)
                        .resolve(host -> loopback)
                        .build()) {
            String scheme = protocol == Protocol.HTTP2_OVER_TLS ? "https://h" : "http://h";
            Flux.range(0, FETCHES)
                    .flatMap(
                            i -> {
                                String url = scheme + random.nextInt(9) + ".example:" + server.port();
                                if (random.nextInt(16) == 0) {
                                    uncut.incrementAndGet();
                                    return client.fetch(url + PATHS[random.nextInt(PATHS.length)])
                                            .doOnNext(r -> done.incrementAndGet());
                                }
                                Cut cut = new Cut(
                                        phases[random.nextInt(phases.length)],
                                        random.nextBoolean() ? 0 : random.nextInt(2_000));
                                if (cut.at == FetchPhase.QUEUE) {
                                    scheduler.schedule(cut.now::tryEmitEmpty, cut.micros, TimeUnit.MICROSECONDS);
                                }
                                String path = switch (cut.at) {
                                    case REQUEST -> "/moved";
                                    case BACKOFF -> "/busy";
                                    default -> PATHS[random.nextInt(PATHS.length)];
                                };
                                return client.fetch(url + path)
                                        .doOnCancel(() -> cancelled
                                                .computeIfAbsent(cut.at, phase -> new AtomicInteger())
                                                .incrementAndGet())
                                        .takeUntilOther(cut.now.asMono())
                                        .contextWrite(c -> c.put(Cut.class, cut));
                            },
                            48)
                    .blockLast(Duration.ofMinutes(3));
            Eventually.settled(client);
            assertThat(done.get()).isEqualTo(uncut.get());
            assertThat(cancelled.values().stream().mapToInt(AtomicInteger::get).sum())
                    .as("%s", cancelled)
                    .isGreaterThan(FETCHES * 2 / 3);
            assertThat(cancelled)
                    .containsKeys(FetchPhase.QUEUE, FetchPhase.CONNECT, FetchPhase.SEND, FetchPhase.HEADERS)
                    .containsKeys(FetchPhase.BODY, FetchPhase.BACKOFF, FetchPhase.REQUEST);
            Eventually.check("no call is left", () -> client.fetching().calls() == 0);
            assertThat(client.stats().openSockets()).isLessThanOrEqualTo(30);
            // All permits are there: as many as ever fit in at once.
            Mono<Long> all = Flux.range(0, 200)
                    .flatMap(i -> client.fetch(scheme + i % 9 + ".example:" + server.port() + "/quick"), 200)
                    .count();
            assertThat(Await.value(all)).isEqualTo(200);
        } finally {
            scheduler.dispose();
        }
    }
}
