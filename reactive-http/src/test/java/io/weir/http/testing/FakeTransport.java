package io.weir.http.testing;

import io.weir.http.FetchRequest;
import io.weir.http.FetchTransport;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Answers requests as it was told, and keeps them. Delays are those of Reactor's clock, so a test in virtual time waits for
 * nothing. Thread-safe.
 *
 * <pre>{@code
 * FakeTransport server = FakeTransport.create()
 *         .on("GET", "https://example.com/", FakeAnswer.status(503), FakeAnswer.ok("hello"));
 * FetchClient client = FetchClient.builder().transport(server).build();
 * }</pre>
 */
public final class FakeTransport implements FetchTransport {
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<FetchRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();

    private FakeTransport() {}

    public static FakeTransport create() {
        return new FakeTransport();
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
        ConcurrentLinkedDeque<FakeAnswer> left = new ConcurrentLinkedDeque<>(List.of(answers));
        FakeAnswer last = answers[answers.length - 1];
        return on(requests, request -> {
            FakeAnswer next = left.poll();
            return next == null ? last : next;
        });
    }

    /** Answers requests that pass with what a function says. Of several rules that fit, the first counts. */
    public FakeTransport on(Predicate<FetchRequest> requests, Function<FetchRequest, FakeAnswer> answer) {
        rules.add(new Rule(requests, answer));
        return this;
    }

    @Override
    public Mono<Reply> send(FetchRequest request) {
        return Mono.defer(() -> {
            requests.add(request);
            Rule rule = rules.stream()
                    .filter(each -> each.requests.test(request))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "no answer was told for " + request.method() + " " + request.uri()));
            unanswered.incrementAndGet();
            return rule.answer.apply(request).reply().doFinally(end -> unanswered.decrementAndGet());
        });
    }

    /** What was sent, in order. */
    public List<FetchRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many requests wait for their headers; what was cancelled does not. */
    public int unanswered() {
        return unanswered.get();
    }

    private record Rule(Predicate<FetchRequest> requests, Function<FetchRequest, FakeAnswer> answer) {}
}
