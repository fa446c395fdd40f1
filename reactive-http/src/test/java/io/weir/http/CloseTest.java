package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class CloseTest {
    private static long loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weir-http-"))
                .count();
    }

    @Test
    void closingEndsWhatRunsAndWhatWaits() throws IOException {
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        try (FaultServer server = new FaultServer(FaultServer.Peer::hold)) {
            FetchClient client = FetchClient.builder().maxPerHost(2).build();
            for (int i = 0; i < 5; i++) {
                client.fetch(server.url("/")).subscribe(r -> {}, errors::add);
            }
            Eventually.check("two run", () -> server.accepted() == 2);
            client.close();
            assertThat(errors)
                    .hasSize(5)
                    .allSatisfy(error -> assertThat(error).isInstanceOf(FetchClosedException.class));
            assertThat(client.stats()).isEqualTo(new FetchStats(0, 0, 0, 0, 0));
            Eventually.check("the server sees it", () -> server.openNow() == 0);
            Eventually.check("threads end", () -> loops() == 0);
            StepVerifier.create(client.fetch(server.url("/")))
                    .expectError(FetchClosedException.class)
                    .verify(Duration.ofSeconds(20));
            client.close();
        }
    }

    @Test
    void aClientThatWasNeverUsedStartsNothing() {
        long before = loops();
        try (FetchClient client = FetchClient.create()) {
            assertThat(client.stats().openSockets()).isZero();
            assertThat(loops()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void closeOnAThreadThatMustNotBlockDoesNotWait() {
        FetchClient client = FetchClient.create();
        Mono.fromRunnable(client::close).subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(20));
        StepVerifier.create(client.fetch("http://127.0.0.1:1/"))
                .expectError(FetchClosedException.class)
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void closeLaterIsCold() {
        FetchClient client = FetchClient.create();
        Mono<Void> closing = client.closeLater();
        StepVerifier.create(client.fetch("http://127.0.0.1:1/"))
                .expectError(FetchConnectException.class)
                .verify(Duration.ofSeconds(20));
        closing.block(Duration.ofSeconds(20));
        closing.block(Duration.ofSeconds(20));
        StepVerifier.create(client.fetch("http://127.0.0.1:1/"))
                .expectError(FetchClosedException.class)
                .verify(Duration.ofSeconds(20));
    }
}
