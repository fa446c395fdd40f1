package io.weir.http.testing;

import io.weir.http.FetchRequest;
import io.weir.http.FetchTransport;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Answers requests as it was told, and keeps them. What it waits for is Reactor's clock, so a test in virtual time waits for
 * nothing. Thread-safe.
 */
public final class FakeTransport implements FetchTransport {
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<FetchRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();

    private FakeTransport() {}

    /** What becomes of a request. */
    @FunctionalInterface
    public interface Script {
        /** Called once for each request that is sent, with its number from 1; must not block. */
        FakeAnswer answer(FetchRequest request, int number);
    }

    /** One that answers nothing before it is told to: a request that no rule fits fails. */
    public static FakeTransport create() {
        return new FakeTransport();
    }

    /** One that gives these answers in order, whatever is asked; the last of them for ever. */
    public static FakeTransport answering(FakeAnswer... answers) {
        return create().on(request -> true, answers);
    }

    /** One that does what a function says. */
    public static FakeTransport answering(Script script) {
        return create().on(request -> true, script);
    }

    /** Answers requests of this method and URL with these answers in order; the last of them for ever. */
    public FakeTransport on(String method, String url, FakeAnswer... answers) {
        URI uri = FetchRequest.get(url).uri();
        return on(request -> request.method().equals(method) && request.uri().equals(uri), answers);
    }

    /** Answers requests that pass with these answers in order; the last of them for ever. */
    public FakeTransport on(Predicate<FetchRequest> requests, FakeAnswer... answers) {
        if (answers.length == 0) {
            throw new IllegalArgumentException("there is no answer");
        }
        List<FakeAnswer> inOrder = List.of(answers);
        return on(requests, (request, number) -> inOrder.get(Math.min(number, inOrder.size()) - 1));
    }

    /** Answers requests that pass with what a function says. Of several rules that fit, the first counts. */
    public FakeTransport on(Predicate<FetchRequest> requests, Script script) {
        rules.add(new Rule(requests, script, new AtomicInteger()));
        return this;
    }

    @Override
    public Mono<Reply> send(FetchRequest request) {
        return Mono.defer(() -> {
            requests.add(request);
            Mono<Reply> reply = answer(request).reply();
            AtomicBoolean ended = new AtomicBoolean();
            Runnable end = () -> {
                if (ended.compareAndSet(false, true)) {
                    running.decrementAndGet();
                }
            };
            running.incrementAndGet();
            return reply.map(said ->
                            new Reply(said.status(), said.headers(), said.body().doFinally(how -> end.run())))
                    .doOnError(error -> end.run())
                    .doOnCancel(end);
        });
    }

    private FakeAnswer answer(FetchRequest request) {
        return rules.stream()
                .filter(rule -> rule.requests.test(request))
                .findFirst()
                .map(rule -> rule.script.answer(request, rule.asked.incrementAndGet()))
                .orElseThrow(() ->
                        new IllegalStateException("no answer was told for " + request.method() + " " + request.uri()));
    }

    /** What was sent, in order. */
    public List<FetchRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many requests have been sent and have not ended: a cancel, an error, and the end of a body end one. */
    public int running() {
        return running.get();
    }

    private record Rule(Predicate<FetchRequest> requests, Script script, AtomicInteger asked) {}
}
