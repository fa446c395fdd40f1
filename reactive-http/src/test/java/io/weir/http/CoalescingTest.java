package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Equal GETs in flight are one. */
class CoalescingTest {
    private static final FetchRequest REQUEST =
            FetchRequest.get("http://a.example/x").header("Accept", "text/html");
    private final Sinks.One<FakeAnswer> answer = Sinks.one();
    private final List<Object> keys = new ArrayList<>();
    private final FakeTransport transport =
            FakeTransport.answering((request, number) -> FakeAnswer.from(Mono.deferContextual(context -> {
                keys.add(context.getOrDefault("key", "none"));
                return answer.asMono();
            })));
    private final Fetching fetching = Clients.over(transport, Clients.LIMITS, Clients.of(null, null, null, true));
    private final List<FetchResponse> got = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        assertThat(transport.running()).isZero();
        assertThat(fetching.gate().inFlight()).isZero();
        assertThat(fetching.flights()).isZero();
    }

    private Disposable fetch(FetchRequest request) {
        return fetching.fetch(request).subscribe(got::add);
    }

    private void answer() {
        answer.tryEmitValue(Clients.answer(200));
    }

    @Test
    void allGetTheSameResponse() {
        fetching.fetch(REQUEST).contextWrite(c -> c.put("key", "first")).subscribe(got::add);
        fetch(REQUEST);
        fetch(FetchRequest.get("http://A.example:80/x#part").header("Accept", "text/html"));
        answer();
        assertThat(got).hasSize(3);
        assertThat(got.get(1)).isSameAs(got.get(0)).isSameAs(got.get(2));
        assertThat(transport.requests()).hasSize(1);
        assertThat(keys).containsExactly("first");
    }

    @Test
    void whatDiffersInAnythingIsItsOwn() {
        fetch(REQUEST);
        fetch(FetchRequest.get("http://a.example/x"));
        fetch(REQUEST.header("Cookie", "a=b"));
        fetch(REQUEST.timeout(Duration.ofSeconds(1)));
        fetch(REQUEST.maxBodyBytes(10));
        fetch(REQUEST.redirects(RedirectPolicy.none()));
        fetch(FetchRequest.head("http://a.example/x"));
        fetch(FetchRequest.of("GET", "http://a.example/x").body(new byte[1]));
        assertThat(transport.requests()).hasSize(8);
        answer();
        assertThat(got).hasSize(8);
    }

    @Test
    void oneThatLeavesDoesNotTakeTheOthersAlongTheLastOneDoes() {
        Disposable first = fetch(REQUEST);
        Disposable second = fetch(REQUEST);
        first.dispose();
        assertThat(transport.running()).isEqualTo(1);
        Disposable third = fetch(REQUEST);
        second.dispose();
        assertThat(transport.running()).isEqualTo(1);
        third.dispose();
        assertThat(transport.running()).isZero();
        fetch(REQUEST);
        assertThat(transport.requests()).hasSize(2);
        answer();
        assertThat(got).hasSize(1);
    }

    @Test
    void theFirstOnesDeadlineIsOnlyItsOwn() {
        List<Throwable> errors = new ArrayList<>();
        StepVerifier.withVirtualTime(() -> {
                    Deadline.within(Duration.ofSeconds(1), fetching.fetch(REQUEST))
                            .subscribe(got::add, errors::add);
                    return fetching.fetch(REQUEST);
                })
                .thenAwait(Duration.ofSeconds(10))
                .then(this::answer)
                .expectNextCount(1)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
        assertThat(errors).singleElement().isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void afterTheEndTheNextIsFetchedAnew() {
        answer();
        fetch(REQUEST);
        fetch(REQUEST);
        assertThat(transport.requests()).hasSize(2);
    }

    @Test
    void threadsThatJoinLeaveAndEndLoseNothing() {
        AtomicInteger told = new AtomicInteger();
        FakeTransport quick = FakeTransport.answering((request, number) ->
                FakeAnswer.from(Mono.fromSupplier(() -> Clients.answer(200)).subscribeOn(Schedulers.parallel())));
        Fetching shared = Clients.over(quick, Clients.LIMITS, Clients.of(null, null, null, true));
        Flux.range(0, 20_000)
                .flatMap(
                        i -> i % 3 == 0
                                ? shared.fetch(REQUEST)
                                        .subscribeOn(Schedulers.parallel())
                                        .takeUntilOther(Mono.empty().publishOn(Schedulers.parallel()))
                                        .then()
                                : shared.fetch(REQUEST)
                                        .subscribeOn(Schedulers.parallel())
                                        .doOnNext(r -> told.incrementAndGet())
                                        .then(),
                        16)
                .blockLast(Duration.ofSeconds(60));
        assertThat(told).hasValue(20_000 - 6_667);
        // The transport counts down after the last of its signals, on its own thread.
        Eventually.check(
                "all is given back",
                () -> shared.gate().inFlight() == 0 && shared.flights() == 0 && quick.running() == 0);
    }
}
