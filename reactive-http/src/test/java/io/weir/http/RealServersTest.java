package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Servers that others wrote, where they are installed: nginx and Caddy serve the same files, with and without TLS. */
class RealServersTest {
    private static final byte[] LARGE = new byte[3_000_000];
    private static final String TEXT = "The same words over and over again.\n".repeat(1000);

    static {
        new Random(1).nextBytes(LARGE);
    }

    @Nested
    class Nginx extends Contract {
        @Override
        List<String> command(Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("nginx.conf"), """
                    daemon off; master_process off; pid %1$s/pid; error_log stderr crit;
                    events { worker_connections 512; }
                    http {
                      access_log off; types { text/plain txt; } gzip on; gzip_min_length 1; keepalive_requests 100;
                      client_body_temp_path %1$s/t; proxy_temp_path %1$s/t; fastcgi_temp_path %1$s/t;
                      uwsgi_temp_path %1$s/t; scgi_temp_path %1$s/t; root %1$s/www;
                      server { listen 127.0.0.1:%2$d; }
                      server { listen 127.0.0.1:%3$d ssl http2; ssl_certificate %1$s/good.pem; ssl_certificate_key %1$s/good.key; }
                      server { listen 127.0.0.1:%4$d ssl http2; ssl_certificate %1$s/expired.pem; ssl_certificate_key %1$s/expired.key; }
                    }
                    """.formatted(folder, plain, tls, expired));
            return List.of("nginx", "-e", "stderr", "-p", folder.toString(), "-c", file.toString());
        }
    }

    @Nested
    class Caddy extends Contract {
        @Override
        List<String> command(Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("Caddyfile"), """
                    {
                      admin off
                      auto_https off
                      storage file_system %1$s/caddy
                    }
                    (files) {
                      bind 127.0.0.1
                      root * %1$s/www
                      encode gzip
                      file_server
                    }
                    http://:%2$d {
                      import files
                    }
                    https://:%3$d {
                      import files
                      tls %1$s/good.pem %1$s/good.key
                    }
                    https://:%4$d {
                      import files
                      tls %1$s/expired.pem %1$s/expired.key
                    }
                    """.formatted(folder, plain, tls, expired));
            return List.of("caddy", "run", "--adapter", "caddyfile", "--config", file.toString());
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract {
        final int plain = freePort();
        final int tls = freePort();
        final int expired = freePort();
        private @Nullable X509Certificate trusted;
        private @Nullable Process server;

        abstract List<String> command(Path folder) throws IOException;

        @BeforeAll
        void start(@TempDir Path folder) throws Exception {
            Path www = Files.createDirectories(folder.resolve("www/folder")).getParent();
            Files.writeString(www.resolve("folder/index.html"), "an index");
            Files.writeString(www.resolve("text.txt"), TEXT);
            Files.write(www.resolve("large.bin"), LARGE);
            X509Bundle authority = new CertificateBuilder()
                    .subject("CN=authority")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            CertificateBuilder site =
                    new CertificateBuilder().subject("CN=tls.example").addSanDnsName("tls.example");
            X509Bundle good = site.buildIssuedBy(authority);
            Instant now = Instant.now();
            X509Bundle old = site.notBefore(now.minus(Duration.ofDays(3)))
                    .notAfter(now.minus(Duration.ofDays(1)))
                    .buildIssuedBy(authority);
            trusted = authority.getCertificate();
            Files.writeString(folder.resolve("good.pem"), good.getCertificatePathPEM());
            Files.writeString(folder.resolve("good.key"), good.getPrivateKeyPEM());
            Files.writeString(folder.resolve("expired.pem"), old.getCertificatePathPEM());
            Files.writeString(folder.resolve("expired.key"), old.getPrivateKeyPEM());
            ProcessBuilder builder = new ProcessBuilder(command(folder));
            assumeTrue(installed(builder.command().get(0)), builder.command().get(0) + " is not installed");
            builder.environment().put("HOME", folder.toString());
            builder.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            Process started = builder.start();
            server = started;
            Eventually.check(
                    "listening", () -> !started.isAlive() || (listens(plain) && listens(tls) && listens(expired)));
            assertThat(started.isAlive()).as(() -> read(folder.resolve("log"))).isTrue();
        }

        @AfterAll
        void stop() throws InterruptedException {
            if (server != null) {
                server.destroyForcibly().waitFor();
            }
        }

        private FetchClient client(boolean trusting) throws Exception {
            return client(trusting, Http2.OFF);
        }

        private FetchClient client(boolean trusting, Http2 http2) throws Exception {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            FetchClientBuilder builder =
                    FetchClient.builder().http2(http2).resolve(host -> host.endsWith(".example") ? loopback : null);
            return trusting ? builder.trust(trusted).build() : builder.build();
        }

        private String url(String path) {
            return "http://127.0.0.1:" + plain + path;
        }

        @ParameterizedTest
        @EnumSource(names = {"OFF", "NEGOTIATED"})
        void filesArriveWhole(Http2 http2) throws Exception {
            try (FetchClient client = client(true, http2)) {
                for (String base : List.of(url(""), "https://tls.example:" + tls)) {
                    assertThat(Await.value(client.fetch(base + "/large.bin")).bytes())
                            .isEqualTo(LARGE);
                    assertThat(Await.value(client.fetch(base + "/text.txt")).text())
                            .isEqualTo(TEXT);
                    assertThat(Await.value(client.fetch(base + "/folder/")).text())
                            .isEqualTo("an index");
                    assertThat(Await.value(client.fetch(base + "/missing")).status())
                            .isEqualTo(404);
                }
            }
        }

        @Test
        void headersAndRangesAreUnderstood() throws Exception {
            try (FetchClient client = client(true)) {
                FetchResponse head = Await.value(client.fetch(FetchRequest.head(url("/large.bin"))));
                assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(LARGE.length));
                assertThat(head.bytes()).isEmpty();
                FetchResponse part = Await.value(
                        client.fetch(FetchRequest.get(url("/large.bin")).header("Range", "bytes=100-199")));
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(LARGE, 100, 200));
            }
        }

        @Test
        void manyAtOnceShareFewConnections() throws Exception {
            try (FetchClient client = client(true)) {
                Long whole = Flux.range(0, 300)
                        .flatMap(i -> client.fetch(url("/text.txt")), 64)
                        .filter(response -> response.text().equals(TEXT))
                        .count()
                        .block(Duration.ofSeconds(30));
                assertThat(whole).isEqualTo(300);
                assertThat(client.stats().openSockets()).isLessThanOrEqualTo(8);
            }
        }

        @Test
        void manyAtOnceShareOneConnectionOfHttp2AlsoWhereTheServerGivesItUpNowAndThen() throws Exception {
            try (FetchClient client = client(true, Http2.NEGOTIATED)) {
                String url = "https://tls.example:" + tls + "/text.txt";
                Long whole = Flux.range(0, 1000)
                        .flatMap(i -> client.fetch(url), 64)
                        .filter(response -> response.text().equals(TEXT))
                        .count()
                        .block(Duration.ofSeconds(30));
                assertThat(whole).isEqualTo(1000);
                Eventually.check(
                        "what was given up is closed", () -> client.stats().openSockets() <= 1);
            }
        }

        @ParameterizedTest
        @EnumSource(names = {"OFF", "NEGOTIATED"})
        void certificatesAreChecked(Http2 http2) throws Exception {
            try (FetchClient trusting = client(true, http2);
                    FetchClient plainClient = client(false, http2)) {
                refused(trusting, "https://other.example:" + tls + "/", "other.example");
                refused(trusting, "https://tls.example:" + expired + "/", "CertificateExpiredException");
                refused(plainClient, "https://tls.example:" + tls + "/", "unable to find valid certification path");
            }
        }

        private static void refused(FetchClient client, String url, String why) {
            FetchConnectException error =
                    catchThrowableOfType(FetchConnectException.class, () -> Await.value(client.fetch(url)));
            assertThat(error.phase()).isEqualTo(FetchPhase.TLS);
            assertThat(error).hasStackTraceContaining(why);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.isTransient()).isFalse();
        }
    }

    private static boolean installed(String program) {
        return Arrays.stream((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (var probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
