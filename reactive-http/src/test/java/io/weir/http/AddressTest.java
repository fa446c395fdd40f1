package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    private static InetAddress address(String literal) {
        byte[] bytes = literal.indexOf(':') < 0 ? Addresses.ipv4(literal) : Addresses.ipv6(literal);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    @Nested
    class PublicOnly {
        private final AddressRules rules = AddressRules.publicOnly();

        /** The first and the last of each range of the registries, and what hides one of them. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "0.0.0.0",
                    "0.255.255.255",
                    "10.0.0.0",
                    "10.255.255.255",
                    "100.64.0.0",
                    "100.127.255.255",
                    "127.0.0.0",
                    "127.0.0.1",
                    "127.255.255.255",
                    "169.254.0.0",
                    "169.254.169.254",
                    "169.254.255.255",
                    "172.16.0.0",
                    "172.31.255.255",
                    "192.0.0.0",
                    "192.0.0.8",
                    "192.0.0.170",
                    "192.0.0.255",
                    "192.0.2.0",
                    "192.0.2.255",
                    "192.31.196.1",
                    "192.52.193.1",
                    "192.88.99.0",
                    "192.88.99.255",
                    "192.168.0.0",
                    "192.168.255.255",
                    "192.175.48.1",
                    "198.18.0.0",
                    "198.19.255.255",
                    "198.51.100.0",
                    "198.51.100.255",
                    "203.0.113.0",
                    "203.0.113.255",
                    "224.0.0.0",
                    "239.255.255.255",
                    "240.0.0.0",
                    "255.255.255.255",
                    "::",
                    "::1",
                    "::7f00:1",
                    "::808:808",
                    "::ffff:127.0.0.1",
                    "::ffff:10.0.0.1",
                    "64:ff9b::127.0.0.1",
                    "64:ff9b::a00:1",
                    "64:ff9b:1::",
                    "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
                    "100::",
                    "100::ffff:ffff:ffff:ffff",
                    "2001::",
                    "2001:0:ffff::1",
                    "2001:1ff:ffff::",
                    "2001:2::1",
                    "2001:10::1",
                    "2001:20::1",
                    "2001:db8::",
                    "2001:db8:ffff::1",
                    "2002::",
                    "2002:7f00:1::",
                    "2002:808:808::",
                    "2620:4f:8000::1",
                    "3fff::1",
                    "3fff:fff::1",
                    "5f00::1",
                    "fc00::",
                    "fdff::1",
                    "fe80::",
                    "fe80::1",
                    "febf::1",
                    "fec0::1",
                    "ff00::",
                    "ff02::1",
                    "4000::1",
                    "1::1"
                })
        void refusesWhatIsSpecial(String literal) {
            assertThat(rules.permits(address(literal))).isFalse();
            assertThat(rules.refusal(address(literal))).startsWith("public only, and this is of ");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
                    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
                    "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
                    "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
                    "8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2000::1", "2001:200::1", "2001:4860:4860::8888",
                    "2003::1", "2606:4700::1111", "3ffe::1"
                })
        void permitsTheRest(String literal) {
            assertThat(rules.refusal(address(literal))).isNull();
        }
    }

    @Nested
    class Ranges {
        @ParameterizedTest
        @CsvSource({
            "10.1.2.3, true",
            "::ffff:10.1.2.3, true",
            "64:ff9b::10.1.2.3, true",
            "10.1.3.3, false",
            "10.2.0.0, false",
            "8.8.8.8, true",
            "8.8.4.4, false",
            "::ffff:8.8.4.4, false",
            "2002:808:404::1, false",
            "64:ff9b::8.8.4.4, false",
            "2001:0:808:404::1, false",
            "2001:0:1:1:0:0:f7f7:fbfb, false",
            "fd00::1, true",
            "fd01::1, false"
        })
        void denialsBeatPermissionsAndThoseThePublicRule(String literal, boolean permitted) {
            AddressRules rules =
                    AddressRules.publicOnly().allow("10.1.0.0/16", "fd00::/16").deny("10.1.3.0/24", "8.8.4.4");
            assertThat(rules.permits(address(literal))).isEqualTo(permitted);
        }

        @Test
        void aListMayBeAll() {
            AddressRules rules = AddressRules.only("127.0.0.0/31", "::1");
            assertThat(rules.permits(address("127.0.0.1"))).isTrue();
            assertThat(rules.permits(address("127.0.0.2"))).isFalse();
            assertThat(rules.permits(address("::1"))).isTrue();
            assertThat(rules.permits(address("8.8.8.8"))).isFalse();
            assertThat(rules.refusal(address("8.8.8.8"))).isEqualTo("not in an allowed range");
            assertThat(AddressRules.any().permits(address("127.0.0.1"))).isTrue();
            assertThat(AddressRules.any().deny("0.0.0.0/0").refusal(address("127.0.0.1")))
                    .isEqualTo("denied 0.0.0.0/0");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "10",
                    "10.0.0.0/33",
                    "10.0.0.0/-1",
                    "10.0.0.0/",
                    "10.0.0.1/8",
                    "localhost",
                    "fc00::/129",
                    "fc01::/8",
                    "010.0.0.0/8",
                    "10.0.0.0/08x"
                })
        void whatIsNoRangeIsRefused(String range) {
            assertThatThrownBy(() -> AddressRules.any().allow(range)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Dialling {
        private FetchAddressException refused(FetchClient client, String url) {
            FetchAddressException error = catchThrowableOfType(
                    FetchAddressException.class, () -> client.fetch(url).block(Duration.ofSeconds(20)));
            assertThat(error).isNotNull();
            assertThat(error.phase()).isEqualTo(FetchPhase.CONNECT);
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.isTransient()).isFalse();
            Eventually.quiet(client);
            Eventually.check("no socket is left", () -> client.stats().openSockets() == 0);
            return error;
        }

        @Test
        void neverReachesAnAddressThatIsRefused() throws IOException {
            try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    FetchClient client = FetchClient.builder()
                            .addresses(AddressRules.publicOnly())
                            .resolve(host -> address("127.0.0.1"))
                            .build()) {
                for (String host :
                        new String[] {"127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "named.example", "localhost"}) {
                    FetchAddressException error = refused(client, "http://" + host + ":" + server.port() + "/");
                    assertThat(error.address().isLoopbackAddress()).isTrue();
                    assertThat(error.rule()).contains("(loopback)");
                }
                refused(client, "https://127.0.0.1:" + server.port() + "/");
                assertThat(server.accepted()).isZero();
            }
        }

        @Test
        void looksAtTheAddressOfEachConnectionAndNotOnlyOfTheFirst() throws IOException {
            AtomicInteger lookups = new AtomicInteger();
            try (FaultServer server = new FaultServer(peer -> {
                        peer.readRequest();
                        peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                    });
                    FetchClient client = FetchClient.builder()
                            .addresses(AddressRules.only("127.0.0.1"))
                            .resolve(host -> address(lookups.getAndIncrement() < 2 ? "127.0.0.1" : "127.0.0.2"))
                            .build()) {
                String url = "http://rebinding.example:" + server.port() + "/";
                assertThat(Await.value(client.fetch(url)).status()).isEqualTo(200);
                Eventually.check("the connection is gone", () -> client.stats().openSockets() == 0);
                lookups.set(2);
                assertThat(refused(client, url).address()).isEqualTo(address("127.0.0.2"));
            }
        }

        @Test
        void looksAtTheAddressOfARedirect() throws IOException {
            try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    FaultServer moving = new FaultServer(peer -> {
                        peer.readRequest();
                        peer.send(
                                "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: http://127.0.0.2:"
                                        + server.port() + "/\r\n\r\n");
                    });
                    FetchClient client = FetchClient.builder()
                            .addresses(AddressRules.only("127.0.0.1"))
                            .build()) {
                assertThat(refused(client, moving.url("/")).host()).isEqualTo("127.0.0.2:" + server.port());
                assertThat(server.accepted()).isZero();
            }
        }
    }

    @Nested
    class ARedirect {
        private final AddressGuard guard =
                new AddressGuard(AddressRules.any(), address -> address.equals(address("127.0.0.2")));

        private FetchClient client() {
            return FetchClient.builder()
                    .resolve(host -> address(host.equals("public.example") ? "127.0.0.2" : "127.0.0.1"))
                    .addresses(guard)
                    .build();
        }

        private FaultServer redirecting() {
            return new FaultServer(
                    peer -> {
                        while (peer.readRequest()) {
                            String path = peer.path();
                            peer.send(
                                    path.equals("/")
                                            ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                                            : "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://"
                                                    + path.substring(1) + "\r\n\r\n");
                        }
                    },
                    address("0.0.0.0"));
        }

        @Test
        void neverLeadsFromAPublicAddressToOneThatIsNot() throws IOException {
            try (FaultServer server = redirecting();
                    FetchClient client = client()) {
                String inside = "inside.example:" + server.port() + "/";
                String outside = "public.example:" + server.port() + "/";
                FetchAddressException error = catchThrowableOfType(
                        FetchAddressException.class,
                        () -> client.fetch("http://" + outside + inside).block(Duration.ofSeconds(20)));
                assertThat(error.rule()).isEqualTo("a redirect from a public address to one that is not");
                assertThat(error.sent()).isEqualTo(Sent.NO);
                // Nor by a connection that is there.
                assertThat(Await.value(client.fetch("http://" + inside)).status())
                        .isEqualTo(200);
                assertThat(catchThrowableOfType(
                                FetchAddressException.class,
                                () -> client.fetch("http://" + outside + inside).block(Duration.ofSeconds(20))))
                        .isNotNull();
                assertThat(server.requests())
                        .filteredOn(request -> request.startsWith("GET / "))
                        .hasSize(1);
                Eventually.settled(client);
            }
        }

        @Test
        void mayLeadAnywhereElse() throws IOException {
            try (FaultServer server = redirecting();
                    FetchClient client = client()) {
                String inside = "inside.example:" + server.port() + "/";
                String outside = "public.example:" + server.port() + "/";
                assertThat(Await.value(client.fetch("http://" + inside + outside))
                                .status())
                        .isEqualTo(200);
                assertThat(Await.value(client.fetch("http://" + inside + "127.0.0.1:" + server.port() + "/"))
                                .status())
                        .isEqualTo(200);
                assertThat(Await.value(client.fetch("http://" + outside + "127.0.0.2:" + server.port() + "/"))
                                .status())
                        .isEqualTo(200);
            }
        }
    }
}
