package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every {@link Http2Fault} by every way to fetch: the error is the right one, what was refused unseen is sent again once, a stream's fault
 * leaves its connection to the next, and buffers (by the detector of leaks, after the class), permits, streams and sockets are given back.
 */
class Http2FaultMatrixTest extends FaultMatrix {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static FetchClientBuilder overHttp2() {
        return settings().http2(Http2.PRIOR_KNOWLEDGE);
    }

    private static FaultServer.Script answers() {
        return RawHttp2.answering((http, stream) -> http.send(RawHttp2.ok(stream) + RawHttp2.end(stream, "ok")));
    }

    @ParameterizedTest
    @EnumSource
    void givesTheErrorThatSaysSo(Http2Fault fault) throws Exception {
        try (FetchClient client = fault.shorten(overHttp2()).build()) {
            try (FaultServer server = new FaultServer(fault.script())) {
                String url = server.url("/path?token=secret");
                List<FetchException> errors = new ArrayList<>();
                for (Way way : Way.values()) {
                    FetchRequest request =
                            fault.whileSending() ? FetchRequest.post(url, Fault.endless()) : FetchRequest.get(url);
                    Throwable thrown = way.error(client, request).block(PATIENCE);
                    assertThat(thrown).as("%s", way).isInstanceOf(FetchException.class);
                    FetchException error = (FetchException) thrown;
                    fault.expected.check(error, way, server);
                    boolean again = error.sent() == Sent.NO && error instanceof FetchDisconnectedException;
                    assertThat(error.attempts()).as("%s: %s", way, error).isEqualTo(again ? 2 : 1);
                    errors.add(error);
                    Eventually.settled(client);
                }
                if (fault.ends == Http2Fault.Ends.STREAM) {
                    assertThat(server.accepted()).isEqualTo(1);
                } else {
                    int attempts =
                            errors.stream().mapToInt(FetchException::attempts).sum();
                    assertThat(server.accepted()).isEqualTo(attempts);
                    Eventually.check("the connections end", () -> server.openNow() == 0);
                }
            }
            try (FaultServer server = new FaultServer(answers())) {
                leavesAllPermits(client, server);
            }
        }
    }
}
