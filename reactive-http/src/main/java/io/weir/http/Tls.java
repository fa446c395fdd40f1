package io.weir.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.weir.core.offload.Offload;
import java.security.cert.X509Certificate;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * TLS 1.2 and 1.3 by the JDK, with the host's name checked.
 *
 * <p>Made on a blocking worker at the first https request: reading the JVM's certificates takes longer than most fetches.
 */
final class Tls {
    private static final List<String> PROTOCOLS =
            List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private final List<X509Certificate> trusted;
    private final boolean http2;

    /**
     * @param trusted what to trust in place of the JVM's authorities; empty for those
     * @param http2 whether to offer it
     */
    Tls(List<X509Certificate> trusted, boolean http2) {
        this.trusted = List.copyOf(trusted);
        this.http2 = http2;
    }

    Mono<SslContext> context() {
        return Offload.blocking(() -> {
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .endpointIdentificationAlgorithm("HTTPS");
            if (!trusted.isEmpty()) {
                builder.trustManager(trusted.toArray(new X509Certificate[0]));
            }
            if (http2) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        PROTOCOLS));
            }
            return builder.build();
        });
    }
}
