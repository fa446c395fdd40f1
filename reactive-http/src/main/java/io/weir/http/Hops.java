package io.weir.http;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes one call from request to response: through the gate, over the transport, and again for each redirect and each repetition. The permits of
 * one hop are given back before the next asks for its own, so two hosts that redirect to each other cannot starve, and a backoff holds nothing.
 *
 * <pre>
 *   hop:   send ── redirect ─────────▶ next hop
 *           ▲ │ └─ another head ─────▶ the reader, whose result is the call's
 *           │ └─ status or error that is tried again
 *           └──────── backoff ──┘
 * </pre>
 *
 * <p>One send is, from the outside in: {@link Hedge}, where there may be one; {@link Timed}; {@link Gate}; {@link HostWatch}, where
 * anything is kept of hosts; the transport.
 */
final class Hops<T> {
    private final Fetching fetching;
    private final Call<T> call;

    Hops(Fetching fetching, Call<T> call) {
        this.fetching = fetching;
        this.call = call;
    }

    Mono<T> run(FetchRequest request) {
        return Mono.defer(() -> {
            call.retries().begin(request.target());
            return tries(request);
        });
    }

    private Mono<T> tries(FetchRequest request) {
        return send(request).onErrorResume(error -> failed(request, error)).flatMap(this::next);
    }

    private Mono<T> next(Hop<T> hop) {
        FetchRequest next = hop.next;
        if (next == null) {
            return Mono.justOrEmpty(hop.value);
        }
        Duration wait = hop.pause;
        if (wait == null) {
            return run(next);
        }
        if (wait.isZero()) {
            return tries(next);
        }
        call.attempt().enter(FetchPhase.BACKOFF);
        return Mono.delay(wait, call.scheduler()).then(Mono.defer(() -> tries(next)));
    }

    private Mono<Hop<T>> failed(FetchRequest request, Throwable error) {
        Duration wait = call.retries().after(request, error);
        return wait == null ? Mono.error(error) : Mono.just(new Hop<>(null, request, wait));
    }

    private Mono<Hop<T>> send(FetchRequest request) {
        long delay = call.retries().hedgeDelay(request);
        return delay < 0
                ? sendOnce(request, null, 0)
                : Hedge.of(call, request.target(), delay, (hedge, number) -> sendOnce(request, hedge, number));
    }

    private Mono<Hop<T>> sendOnce(FetchRequest request, @Nullable Hedge<?> hedge, int number) {
        Attempt attempt = call.next(request.target());
        if (hedge != null) {
            hedge.begins(number, attempt);
        }
        Mono<Hop<T>> exchange = fetching.transport().exchange(request, attempt, (head, body) -> {
            attempt.status(head.status());
            return hedge == null || hedge.wins(number) ? read(request, attempt, head, body) : Mono.never();
        });
        HostWatch watch = fetching.policies().remembersAll() ? HostWatch.of(fetching, attempt) : null;
        Mono<Hop<T>> watched = watch == null ? exchange : watch.over(exchange);
        return Timed.of(call, attempt, watch, fetching.gate().pass(attempt, watched));
    }

    private Mono<Hop<T>> read(FetchRequest request, Attempt attempt, Wire.Head head, Flux<ByteBuf> body) {
        FetchRequest next = call.redirects().next(request, head.status(), head.headers(), attempt);
        if (next != null) {
            call.tell(listener -> listener.redirected(
                    call,
                    call.redirects().followed().get(call.redirects().followed().size() - 1)));
            return drain(attempt, body).then(Mono.just(new Hop<>(null, next, null)));
        }
        Duration wait = call.retries().after(request, head);
        if (wait != null) {
            return drain(attempt, body).then(Mono.just(new Hop<>(null, request, wait)));
        }
        call.responded(head.status());
        if (!call.reader().isRepeatable()) {
            call.retries().end();
        }
        Flux<ByteBuf> seen = call.isObserved() ? body.doOnNext(chunk -> call.received(chunk.readableBytes())) : body;
        return call.reader()
                .read(call, request, attempt, head, seen)
                .map(value -> new Hop<>(value, null, null))
                .defaultIfEmpty(Hop.nothing());
    }

    /** All that matters of this response is known: a body that is long, or cut off, only costs its connection. */
    private static Mono<Void> drain(Attempt attempt, Flux<ByteBuf> body) {
        attempt.leaveFailuresToReader();
        AtomicLong size = new AtomicLong();
        return body.takeWhile(chunk -> size.addAndGet(chunk.readableBytes()) <= StreamedBody.DRAINED)
                .onErrorComplete()
                .then();
    }

    /** What is emitted, or what is sent next; if that is the same again, after which wait. */
    private record Hop<T>(
            @Nullable T value,
            @Nullable FetchRequest next,
            @Nullable Duration pause) {
        private static final Hop<?> NOTHING = new Hop<>(null, null, null);

        @SuppressWarnings("unchecked") // holds nothing of any type
        static <T> Hop<T> nothing() {
            return (Hop<T>) NOTHING;
        }
    }
}
