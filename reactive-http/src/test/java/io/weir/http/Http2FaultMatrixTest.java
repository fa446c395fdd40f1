package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@link Http2Fault} by every way to fetch, and where it ends a connection over TLS too: the error is the right one, what was refused unseen is sent again once, a stream's fault
 * leaves its connection to the next, and buffers (by the detector of leaks, after the class), permits, streams and sockets are given back.
 */
class Http2FaultMatrixTest extends FaultMatrix {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static X509Bundle certificate;

    @BeforeAll
    static void certify() throws Exception {
        certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static FetchClientBuilder overHttp2() {
        return settings().http2(Http2.PRIOR_KNOWLEDGE).trust(certificate.getCertificate());
    }

    private static FaultServer server(FaultServer.Script script, boolean tls) throws Exception {
        return tls ? FaultServer.http2OverTls(script, certificate) : new FaultServer(script);
    }

    private static FaultServer.Script answers() {
        return RawHttp2.answering((http, stream) -> http.send(RawHttp2.ok(stream) + RawHttp2.end(stream, "ok")));
    }

    @ParameterizedTest
    @EnumSource
    void givesTheErrorThatSaysSo(Http2Fault fault) throws Exception {
        check(fault, false);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void alsoOverTls(Http2Fault fault) throws Exception {
        check(fault, true);
    }

    /** TLS has no part in what happens to a stream. */
    static Stream<Http2Fault> connections() {
        return Stream.of(Http2Fault.values()).filter(fault -> fault.ends == Http2Fault.Ends.CONNECTION);
    }

    private static void check(Http2Fault fault, boolean tls) throws Exception {
        try (FetchClient client = fault.shorten(overHttp2()).build()) {
            try (FaultServer server = server(fault.script(), tls)) {
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
                    // A TLS connection that is half closed may still be given the next request.
                    assertThat(server.accepted()).isBetween(tls ? 1 : attempts, attempts);
                    Eventually.check("the connections end", () -> server.openNow() == 0);
                }
            }
            try (FaultServer server = server(answers(), tls)) {
                leavesAllPermits(client, server);
            }
        }
    }
}
