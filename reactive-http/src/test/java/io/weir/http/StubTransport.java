package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongUnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A transport without network, for policies in virtual time. It says what it was sent, and how much runs. */
final class StubTransport implements FetchTransport {
    /** What becomes of one request. */
    interface Script {
        Mono<Reply> answer(FetchRequest request, Attempt attempt, int number);
    }

    record Reply(int status, FetchHeaders headers, String body) {
        static Reply of(int status, String... headers) {
            FetchHeaders all = FetchHeaders.empty();
            for (int i = 0; i < headers.length; i += 2) {
                all = all.plus(headers[i], headers[i + 1]);
            }
            return new Reply(status, all, "body");
        }
    }

    final List<String> sent = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    private final Script script;

    StubTransport(Script script) {
        this.script = script;
    }

    /** Answers with these statuses, one after the other, the last of them for ever. */
    static StubTransport statuses(int... statuses) {
        return new StubTransport(
                (request, attempt, number) -> Mono.just(Reply.of(statuses[Math.min(number, statuses.length) - 1])));
    }

    static Mono<Reply> disconnected(Attempt attempt) {
        return Mono.error(() -> new FetchDisconnectedException("gone", attempt.failure(), null));
    }

    static Mono<Reply> refused(Attempt attempt) {
        return Mono.error(() -> new FetchConnectException(
                "refused",
                new Failure(
                        FetchPhase.CONNECT,
                        attempt.target().hostAndPort(),
                        attempt.target().redacted(),
                        Sent.NO,
                        Duration.ZERO,
                        attempt.failure().attempts()),
                null));
    }

    /** Over this transport, with the longest wait wherever chance decides. */
    Fetching fetching(Limits limits, Policies policies) {
        return fetching(limits, policies, most -> most);
    }

    Fetching fetching(Limits limits, Policies policies, LongUnaryOperator jitter) {
        return new Fetching(limits, policies, this, host -> {}, jitter);
    }

    @Override
    public <T> Mono<T> exchange(FetchRequest request, Attempt attempt, Reader<T> reader) {
        return Mono.defer(() -> {
            sent.add(request.method() + " " + request.uri());
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            attempt.writing();
            attempt.written();
            return script.answer(request, attempt, sent.size())
                    .flatMap(reply -> {
                        attempt.answered();
                        attempt.enter(FetchPhase.BODY);
                        return reader.read(new Head(reply.status(), reply.headers(), -1), body(reply));
                    })
                    .doFinally(end -> running.decrementAndGet());
        });
    }

    private static Flux<ByteBuf> body(Reply reply) {
        return Flux.just(Unpooled.wrappedBuffer(reply.body().getBytes(StandardCharsets.UTF_8)));
    }
}
