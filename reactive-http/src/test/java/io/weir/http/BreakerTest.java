package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A host's circuit, through all its states, in virtual time. */
class BreakerTest {
    private static final FetchRequest REQUEST = FetchRequest.get("http://a.example/");
    private static final BreakerPolicy POLICY =
            BreakerPolicy.standard().opensAt(50, 4).openFor(Duration.ofSeconds(10));
    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final AtomicInteger status = new AtomicInteger(500);
    private final FakeTransport transport = FakeTransport.answering((request, number) -> switch (status.get()) {
        case 0 -> FakeAnswer.silence();
        case -1 -> FakeAnswer.refused();
        default -> Clients.answer(status.get());
    });
    private Fetching fetching = Clients.over(transport, Clients.LIMITS, Clients.of(null, POLICY, null, false));

    @AfterEach
    void realTime() {
        assertThat(fetching.gate().inFlight()).isZero();
        assertThat(fetching.gate().waiting()).isZero();
        fetching.close();
        VirtualTimeScheduler.reset();
    }

    private Object fetch(FetchRequest request) {
        return fetching.fetch(request)
                .<Object>map(FetchResponse::status)
                .onErrorResume(Mono::just)
                .block(Duration.ofSeconds(10));
    }

    private void open() {
        for (int i = 0; i < 4; i++) {
            fetch(REQUEST);
        }
        assertThat(transport.requests()).hasSize(4);
    }

    @Test
    void aWindowFullOfFailuresOpensIt() {
        open();
        assertThat(fetch(REQUEST)).isInstanceOfSatisfying(CircuitOpenException.class, error -> {
            assertThat(Duration.between(error.since(), error.until())).isEqualTo(Duration.ofSeconds(10));
            assertThat(error.host()).isEqualTo("a.example:80");
            assertThat(error.sent()).isEqualTo(Sent.NO);
            assertThat(error.phase()).isEqualTo(FetchPhase.QUEUE);
        });
        assertThat(transport.requests()).hasSize(4);
        assertThat(fetch(FetchRequest.get("http://b.example/"))).isEqualTo(500);
    }

    @Test
    void belowTheShareItStaysClosed() {
        for (int i = 0; i < 40; i++) {
            status.set(i % 4 == 0 ? -1 : 200);
            fetch(REQUEST);
        }
        assertThat(transport.requests()).hasSize(40);
    }

    @Test
    void afterItsTimeOneProbeDecides() {
        open();
        time.advanceTimeBy(Duration.ofMillis(9_999));
        assertThat(fetch(REQUEST)).isInstanceOf(CircuitOpenException.class);
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(fetch(REQUEST)).isEqualTo(500);
        assertThat(fetch(REQUEST)).isInstanceOf(CircuitOpenException.class);
        time.advanceTimeBy(Duration.ofSeconds(10));
        status.set(200);
        for (int i = 0; i < 10; i++) {
            assertThat(fetch(REQUEST)).isEqualTo(200);
        }
    }

    @Test
    void whileTheProbeIsOnItsWayNobodyElsePassesAndItsCancelLetsTheNextOneThrough() {
        open();
        time.advanceTimeBy(Duration.ofSeconds(10));
        status.set(0);
        Disposable probe = fetching.fetch(REQUEST).subscribe();
        assertThat(transport.running()).isEqualTo(1);
        assertThat(fetch(REQUEST)).isInstanceOf(CircuitOpenException.class);
        probe.dispose();
        status.set(200);
        assertThat(fetch(REQUEST)).isEqualTo(200);
    }

    @Test
    void aProbeThatIsLateOpensItAgain() {
        open();
        time.advanceTimeBy(Duration.ofSeconds(10));
        status.set(0);
        List<Throwable> errors = new ArrayList<>();
        fetching.fetch(REQUEST).subscribe(r -> {}, errors::add);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(errors).singleElement().isInstanceOf(FetchTimeoutException.class);
        assertThat(fetch(REQUEST)).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void thoseThatWaitAtTheGateAreTurnedAwayWhenItOpens() {
        Limits one = FetchClient.builder().maxPerHost(1).limits();
        fetching = Clients.over(transport, one, Clients.of(null, POLICY.opensAt(100, 1), null, false));
        status.set(0);
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            fetching.fetch(REQUEST).subscribe(r -> {}, errors::add);
        }
        assertThat(fetching.gate().waiting()).isEqualTo(4);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(errors).hasSize(5);
        assertThat(errors).filteredOn(CircuitOpenException.class::isInstance).hasSize(4);
        assertThat(transport.requests()).hasSize(1);
    }

    @Test
    void cancelsAndErrorsOfOurOwnAreNoFailures() {
        status.set(0);
        for (int i = 0; i < 20; i++) {
            fetching.fetch(REQUEST).subscribe().dispose();
        }
        status.set(200);
        for (int i = 0; i < 20; i++) {
            fetch(REQUEST.maxBodyBytes(1));
        }
        assertThat(transport.requests()).hasSize(40);
    }

    @Test
    void whatWasSentBeforeItOpenedDoesNotHoldItOpen() {
        status.set(0);
        List<Throwable> errors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            fetching.fetch(REQUEST).subscribe(r -> {}, errors::add);
        }
        status.set(200);
        time.advanceTimeBy(Duration.ofSeconds(15)); // four open it, and the other four are of an earlier era
        assertThat(errors).hasSize(8);
        time.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(fetch(REQUEST)).isEqualTo(200);
        assertThat(fetch(REQUEST)).isEqualTo(200);
    }
}
