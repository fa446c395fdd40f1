package io.weir.demos.mailer;

import io.weir.core.task.Gather;
import io.weir.files.AsyncFiles;
import io.weir.files.ReadOptions;
import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Sends what waits in an outbox, some messages at once. One that is refused for good goes to the dead letters, so that it holds up no other.
 * One that may be taken later is tried again, after longer and longer waits, and then stays in the outbox until the next time; after
 * {@value #GIVE_UP_DAYS} days it is dead too.
 *
 * <p>At least once: where the process dies after the server has taken a message and before its file is moved, it is sent again.
 */
final class Mailer {
    private static final int AT_ONCE = 4;
    private static final int LARGEST = 8 << 20;
    private static final int RETRIES = 3;
    private static final int GIVE_UP_DAYS = 4;

    private final Outbox outbox;
    private final Smtp smtp;
    private final Duration backoff;

    /** @param backoff before the second attempt; each further one waits twice as long, and some of it is chance */
    Mailer(Outbox outbox, Smtp smtp, Duration backoff) {
        this.outbox = outbox;
        this.smtp = smtp;
        this.backoff = backoff;
    }

    /** Sends all that waits now, and emits what became of each, in order. Only the outbox itself can fail it. */
    Mono<List<Delivery>> sendAll() {
        return outbox.waiting()
                .map(this::send)
                .collectList()
                .flatMap(sends -> Gather.failFast(AT_ONCE, sends))
                .map(deliveries ->
                        deliveries.stream().map(Objects::requireNonNull).toList());
    }

    private Mono<Delivery> send(Path message) {
        return Mono.defer(() -> {
            AtomicInteger attempts = new AtomicInteger();
            return AsyncFiles.readAllBytes(message, ReadOptions.defaults().withMaxSize(LARGEST))
                    .flatMap(bytes -> smtp.send(bytes)
                            .doOnSubscribe(attempt -> attempts.incrementAndGet())
                            .retryWhen(Retry.backoff(RETRIES, backoff)
                                    .filter(MessagingException.class::isInstance)
                                    .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                            .then(outbox.sent(message)))
                    .then(Mono.fromSupplier(() -> new Delivery(message, Delivery.End.SENT, attempts.get(), "")))
                    .onErrorResume(error -> unsent(message, attempts.get(), error));
        });
    }

    private Mono<Delivery> unsent(Path message, int attempts, Throwable error) {
        String told = error.getMessage() == null ? error.toString() : error.getMessage();
        String problem = told.strip().lines().findFirst().orElse("");
        return isHopeless(message, error)
                .flatMap(hopeless -> hopeless
                        ? outbox.dead(message, problem).thenReturn(Delivery.End.DEAD)
                        : Mono.just(Delivery.End.LATER))
                .map(end -> new Delivery(message, end, attempts, problem));
    }

    private static Mono<Boolean> isHopeless(Path message, Throwable error) {
        return error instanceof MessagingException
                ? AsyncFiles.stat(message)
                        .map(file -> file.lastModifiedTime().toInstant().isBefore(longAgo()))
                : Mono.just(true);
    }

    private static Instant longAgo() {
        return Instant.now().minus(Duration.ofDays(GIVE_UP_DAYS));
    }
}
