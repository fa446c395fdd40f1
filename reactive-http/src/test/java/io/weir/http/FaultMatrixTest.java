package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/**
 * Every {@link Fault} by every way to fetch: the error is the right one, and buffers (by the detector of leaks, after the class), permits and
 * sockets are given back.
 */
class FaultMatrixTest extends FaultMatrix {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @EnumSource
    void givesTheErrorThatSaysSo(Fault fault) throws IOException {
        try (FetchClient client = fault.client()) {
            try (FaultServer server = fault.start()) {
                Map<Way, Throwable> thrown = Flux.fromArray(Way.values())
                        .flatMap(way -> way.error(client, fault.request(server)).map(error -> Map.entry(way, error)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                        .block(PATIENCE);
                assertThat(thrown).containsOnlyKeys(Way.values());
                thrown.forEach((way, error) -> {
                    assertThat(error).as("%s", way).isInstanceOf(FetchException.class);
                    fault.expected().check((FetchException) error, way, server);
                    assertThat(((FetchException) error).attempts()).isEqualTo(1);
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
}
