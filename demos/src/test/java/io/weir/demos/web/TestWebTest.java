package io.weir.demos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class TestWebTest {
    private static TestWebOptions.Builder small() {
        return Webs.quick().hosts(5).pages(60);
    }

    private static List<Thread> threadsOfWebs() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weir-test-web"))
                .toList();
    }

    private static void assumeItRunsHere(Addressing addressing) {
        assumeThat(addressing == Addressing.VIRTUAL_HOSTS || Addressing.ofThisMachine() == addressing)
                .isTrue();
    }

    @Nested
    class Starting {
        @Test
        void nothingListensBeforeSubscription() {
            TestWeb.start(small().build());
            assertThat(threadsOfWebs()).isEmpty();
        }

        @Test
        void eachSubscriptionStartsAWebOfItsOwn() {
            Mono<TestWeb> start = TestWeb.start(small().build());
            try (TestWeb one = Objects.requireNonNull(start.block());
                    TestWeb other = Objects.requireNonNull(start.block())) {
                assertThat(one.startUri()).isNotEqualTo(other.startUri());
            }
        }

        @Test
        void theWebArrivesOnAThreadThatMayBeKeptBusy() {
            StepVerifier.create(TestWeb.start(small().build()).flatMap(web -> {
                        boolean parallel = Schedulers.isInNonBlockingThread()
                                && Thread.currentThread().getName().startsWith("parallel");
                        return web.stop().thenReturn(parallel);
                    }))
                    .expectNext(true)
                    .verifyComplete();
        }

        @Test
        void oneDaemonThreadServesAllHosts() throws IOException {
            try (TestWeb web = Webs.start(small())) {
                for (URI home : web.homes()) {
                    RawHttp.get(web, home);
                }
                assertThat(threadsOfWebs()).singleElement().matches(Thread::isDaemon);
            }
        }

        @Test
        void cancelBeforeItListensLeavesNothingBehind() throws Exception {
            StepVerifier.create(TestWeb.start(Webs.quick().build()), 0)
                    .thenCancel()
                    .verify(Duration.ofSeconds(30));
            assertNoThreadIsLeft();
        }

        @Test
        void cancelWhileItBindsLeavesNothingBehind() throws Exception {
            for (int i = 0; i < 10; i++) {
                // Cancel may come late, when the web is delivered: then it is its receiver's to stop.
                TestWeb.start(Webs.quick().pages(200).build())
                        .subscribe(web -> web.stop().subscribe())
                        .dispose();
            }
            assertNoThreadIsLeft();
        }

        @Test
        void cancelAfterDeliveryLeavesTheWebToItsReceiver() throws IOException {
            // next() cancels its source as soon as it has the element.
            try (TestWeb web = Objects.requireNonNull(TestWeb.start(small().build())
                    .flux()
                    .mergeWith(Mono.never())
                    .next()
                    .block())) {
                assertThat(RawHttp.get(web, web.startUri()).status()).isEqualTo(200);
            }
        }

        private void assertNoThreadIsLeft() throws InterruptedException {
            for (Thread thread : threadsOfWebs()) {
                thread.join(10_000);
            }
            assertThat(threadsOfWebs()).isEmpty();
        }
    }

    @Nested
    class Listening {
        @Test
        void everyHostHasAnAddressOfItsOwnAndOnePortServesThemAll() {
            assumeItRunsHere(Addressing.LOOPBACK_ADDRESSES);
            try (TestWeb web = Webs.start(Webs.quick())) {
                assertThat(web.homes())
                        .extracting(URI::getHost)
                        .doesNotHaveDuplicates()
                        .hasSize(200);
                assertThat(web.homes())
                        .extracting(URI::getPort)
                        .containsOnly(web.startUri().getPort());
            }
        }

        @ParameterizedTest
        @EnumSource(Addressing.class)
        void onlyLoopbackAddressesAreListenedOn(Addressing addressing) throws IOException {
            assumeItRunsHere(addressing);
            try (TestWeb web = Webs.start(small().addressing(addressing))) {
                assertThat(web.homes())
                        .allMatch(home -> Objects.requireNonNull(web.resolve(home.getHost()))
                                .isLoopbackAddress());
                // If a socket were bound to every address, a host that is not of this web would be reached on its port.
                InetAddress elsewhere = InetAddress.getByAddress(new byte[] {127, 9, 9, 9});
                assumeItRunsHere(Addressing.LOOPBACK_ADDRESSES);
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> new Socket(elsewhere, web.startUri().getPort()).close());
            }
        }

        @Test
        void aPortThatIsTakenOnOneAddressIsReplacedThereByAnother() throws IOException {
            assumeItRunsHere(Addressing.LOOPBACK_ADDRESSES);
            InetAddress contested = Origin.address(Addressing.LOOPBACK_ADDRESSES, 3);
            Listeners listeners = new Listeners((request, response) -> response.send());
            try (ServerSocket taken = new ServerSocket(0, 1, contested)) {
                StepVerifier.create(listeners.bindLike(taken.getLocalPort(), contested))
                        .assertNext(port -> assertThat(port).isPositive().isNotEqualTo(taken.getLocalPort()))
                        .verifyComplete();
            } finally {
                listeners.close().block();
            }
        }

        @Test
        void namesAreResolvedWithoutDns() {
            try (TestWeb web = Webs.start(small().addressing(Addressing.VIRTUAL_HOSTS))) {
                assertThat(web.resolve("site-4.weir.test").getAddress()).containsExactly(127, 0, 0, 1);
                assertThat(web.resolve("site-6.weir.test")).isNull();
                assertThat(web.resolve("example.org")).isNull();
            }
        }

        @ParameterizedTest
        @EnumSource(Addressing.class)
        void aRequestForAnotherHostIsMisdirected(Addressing addressing) throws IOException {
            assumeItRunsHere(addressing);
            try (TestWeb web = Webs.start(small().addressing(addressing))) {
                InetAddress address =
                        Objects.requireNonNull(web.resolve(web.startUri().getHost()));
                int port = web.startUri().getPort();
                assertThat(RawHttp.request(address, port, "example.org:" + port, "GET", "/")
                                .status())
                        .isEqualTo(421);
                String neighbour = web.homes().get(1).getRawAuthority();
                int expected = addressing == Addressing.VIRTUAL_HOSTS ? 200 : 421;
                assertThat(RawHttp.request(address, port, neighbour, "GET", "/").status())
                        .isEqualTo(expected);
            }
        }
    }

    @Nested
    class Stopping {
        @Test
        void releasesEveryPortAndTheThread() throws Exception {
            TestWeb web = Webs.start(small());
            List<URI> homes = web.homes();
            List<Thread> threads = threadsOfWebs();
            RawHttp.get(web, web.startUri());
            web.close();
            for (URI home : homes) {
                InetAddress address = Objects.requireNonNull(web.resolve(home.getHost()));
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> new Socket(address, home.getPort()).close());
                try (ServerSocket again = new ServerSocket()) {
                    again.bind(new InetSocketAddress(address, home.getPort()));
                    assertThat(again.isBound()).isTrue();
                }
            }
            assertThat(threads).isNotEmpty();
            for (Thread thread : threads) {
                thread.join(10_000);
            }
            assertThat(threadsOfWebs()).isEmpty();
        }

        @Test
        void closesConnectionsThatAreOpenAndRequestsThatWait() throws IOException {
            TestWeb web = Webs.start(small().onlyPlainPages()
                    .share(PageKind.SLOW, 1)
                    .slowDelay(Duration.ofHours(1), Duration.ofHours(1)));
            URI slow = web.truth().ofKind(PageKind.SLOW).iterator().next();
            InetAddress address = Objects.requireNonNull(web.resolve(slow.getHost()));
            try (Socket idle = new Socket(address, slow.getPort());
                    Socket waiting = new Socket(address, slow.getPort())) {
                String head = "GET " + slow.getRawPath() + " HTTP/1.1\r\nHost: " + slow.getRawAuthority() + "\r\n\r\n";
                waiting.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                StepVerifier.create(Mono.fromCallable(web.served()::inFlight)
                                .filter(now -> now == 1)
                                .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5))))
                        .expectNext(1)
                        .expectComplete()
                        .verify(Duration.ofSeconds(20));
                web.close();
                idle.setSoTimeout(20_000);
                waiting.setSoTimeout(20_000);
                assertThat(idle.getInputStream().read()).isEqualTo(-1);
                assertThat(waiting.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(web.served().inFlight()).isZero();
        }

        @Test
        void twiceIsNoDifferentFromOnce() {
            TestWeb web = Webs.start(small());
            StepVerifier.create(Mono.when(web.stop(), web.stop()).then(web.stop()))
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }
}
