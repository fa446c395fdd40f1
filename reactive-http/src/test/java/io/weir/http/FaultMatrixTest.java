package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every {@link Fault} by every way to fetch: the error is the right one, and buffers (by the detector of leaks, after the class), permits and
 * sockets are given back.
 */
class FaultMatrixTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static long socketsBefore;

    /** A way to fetch; all of them are to tell the same. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private enum Way {
        FETCH((client, request) -> client.fetch(request)),
        EXCHANGE((client, request) -> client.exchange(request, FetchStream::response)),
        FETCH_ALL((client, request) -> client.fetchAll(Flux.just(request))
                .single()
                .flatMap(fetched -> {
                    Outcome<FetchResponse> outcome = fetched.outcome();
                    return outcome instanceof Outcome.Success<FetchResponse> success
                            ? Mono.just(success.value())
                            : Mono.error(((Outcome.Failure<FetchResponse>) outcome).error());
                }));

        private final BiFunction<FetchClient, FetchRequest, Mono<FetchResponse>> how;

        Way(BiFunction<FetchClient, FetchRequest, Mono<FetchResponse>> how) {
            this.how = how;
        }

        Mono<FetchResponse> fetch(FetchClient client, FetchRequest request) {
            return how.apply(client, request);
        }
    }

    /** After a first use, as the JVM keeps a few for itself then. */
    @BeforeAll
    static void countSockets() throws IOException {
        try (FetchClient client = FetchClient.create()) {
            leavesAllPermits(client);
        }
        socketsBefore = sockets();
    }

    @AfterAll
    static void noDescriptorIsLeft() {
        Eventually.check("as many sockets as before", () -> sockets() <= socketsBefore);
    }

    /** How many descriptors of this process are sockets, its servers' included; 0 where that cannot be known. */
    private static long sockets() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(FaultMatrixTest::isSocket).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesTheErrorThatSaysSo(Fault fault) throws IOException {
        try (FetchClient client = fault.client()) {
            try (FaultServer server = fault.start()) {
                Map<Way, Throwable> thrown = Flux.fromArray(Way.values())
                        .flatMap(way ->
                                error(way.fetch(client, fault.request(server))).map(error -> Map.entry(way, error)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                        .block(PATIENCE);
                assertThat(thrown).containsOnlyKeys(Way.values());
                thrown.forEach((way, error) -> {
                    assertThat(error).as("%s", way).isInstanceOf(FetchException.class);
                    check(fault, (FetchException) error, way, server);
                });
                Eventually.settled(client);
                if (fault != Fault.DEAF_WHILE_SENDING) { // which does not hear of it
                    Eventually.check(
                            "the connections end",
                            () -> server.openNow() == client.stats().idleSockets());
                }
            }
            leavesAllPermits(client);
        }
    }

    private static Mono<Throwable> error(Mono<FetchResponse> fetch) {
        return fetch.<Throwable>map(response -> new AssertionError("a response: " + response))
                .onErrorResume(Mono::just);
    }

    private static void check(Fault fault, FetchException error, Way way, FaultServer server) {
        assertThat(fault.types).as("%s: %s", way, error).contains(error.getClass());
        assertThat(fault.phases).as("%s: %s", way, error).contains(error.phase());
        assertThat(fault.sent).as("%s: %s", way, error).contains(error.sent());
        assertThat(named(error)).as("%s: %s", way, error).isEqualTo(fault.named);
        assertThat(error.host()).isEqualTo("127.0.0.1:" + server.port());
        assertThat(error.uri()).contains("/path").doesNotContain("secret");
        assertThat(error).hasMessageNotContaining("secret").hasMessageContaining("/path");
        assertThat(error.elapsed()).isPositive();
        assertThat(error.attempts()).isEqualTo(1);
    }

    private static void leavesAllPermits(FetchClient client) throws IOException {
        Eventually.check("no call is left", () -> client.fetching().calls() == 0);
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            Mono<Long> all = Flux.range(0, 8)
                    .flatMap(i -> client.fetch(server.url("/")), 8)
                    .count();
            assertThat(Await.value(all)).isEqualTo(8);
            Eventually.settled(client);
        }
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
    }

    private static @Nullable String named(FetchException error) {
        if (error instanceof FetchLimitException limit) {
            return limit.setting();
        }
        if (error instanceof FetchTimeoutException late) {
            return late.setting();
        }
        if (error instanceof FetchContentException content) {
            return content.reason().toString();
        }
        return error instanceof FetchRedirectException redirect
                ? redirect.reason().toString()
                : null;
    }
}
