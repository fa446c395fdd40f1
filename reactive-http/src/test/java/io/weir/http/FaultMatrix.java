package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is to hold after any fault, by any way to fetch: the error says what happened, and nothing is left. */
abstract class FaultMatrix {
    private static long socketsBefore;

    /**
     * What an error says. Where two things race, each of them is right.
     *
     * @param named the setting or the reason; empty where there is none
     */
    record Expected(
            Set<Class<? extends FetchException>> types, Set<FetchPhase> phases, Set<Sent> sent, Set<String> named) {

        void check(FetchException error, Way way, FaultServer server) {
            assertThat(types).as("%s: %s", way, error).contains(error.getClass());
            assertThat(phases).as("%s: %s", way, error).contains(error.phase());
            assertThat(sent).as("%s: %s", way, error).contains(error.sent());
            if (named.isEmpty()) {
                assertThat(nameIn(error)).as("%s: %s", way, error).isEmpty();
            } else {
                assertThat(named).as("%s: %s", way, error).contains(nameIn(error));
            }
            assertThat(error.host()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(error.uri()).contains("/path").doesNotContain("secret");
            assertThat(error).hasMessageNotContaining("secret").hasMessageContaining("/path");
            assertThat(error.elapsed()).isPositive();
        }
    }

    /** A way to fetch; all of them are to tell the same. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    enum Way {
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

        /** The error that it ends with. */
        Mono<Throwable> error(FetchClient client, FetchRequest request) {
            return how.apply(client, request)
                    .<Throwable>map(response -> new AssertionError("a response: " + response))
                    .onErrorResume(Mono::just);
        }
    }

    /** Small limits, so that little goes beyond them. */
    static FetchClientBuilder settings() {
        return FetchClient.builder()
                .maxBodyBytes(1000)
                .maxHeaderBytes(2048)
                .maxHeaders(20)
                .maxPerHost(4)
                .redirects(RedirectPolicy.follow().max(5))
                .retry(RetryPolicy.none());
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
            return open.filter(FaultMatrix::isSocket).count();
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

    /** As many fetches of a host as ever fit in at once, and then the end of the client. */
    static void leavesAllPermits(FetchClient client) throws IOException {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
            leavesAllPermits(client, server);
        }
    }

    static void leavesAllPermits(FetchClient client, FaultServer server) {
        Eventually.check("no call is left", () -> client.fetching().calls() == 0);
        Mono<Long> all =
                Flux.range(0, 8).flatMap(i -> client.fetch(server.url("/")), 8).count();
        assertThat(Await.value(all)).isEqualTo(8);
        Eventually.settled(client);
        client.close();
        assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
    }

    private static String nameIn(FetchException error) {
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
                : "";
    }
}
