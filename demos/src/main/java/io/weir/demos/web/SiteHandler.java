package io.weir.demos.web;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers requests, with the delays and broken connections the plan wants. Runs on the web's one thread. */
final class SiteHandler implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    private final WebPlan plan;
    private final Origins origins;
    private final Answers answers;
    private final Served served;
    private final Scheduler timer;

    SiteHandler(WebPlan plan, Origins origins, Answers answers, Served served, Scheduler timer) {
        this.plan = plan;
        this.origins = origins;
        this.answers = answers;
        this.served = served;
        this.timer = timer;
    }

    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        String authority = String.valueOf(request.requestHeaders().get(HttpHeaderNames.HOST))
                .toLowerCase(Locale.ROOT);
        Integer host = origins.hostOf(authority, reachedAt(request));
        Page page = host == null ? null : plan.find(host, request.uri());
        String url = "http://" + authority + request.uri();
        Served.Request entry = page == null ? served.beginUnplanned(authority, url) : served.begin(authority, url);
        return answer(page, host != null, request, response, entry).doFinally(end -> entry.end());
    }

    private Mono<Void> answer(
            @Nullable Page page,
            boolean knownHost,
            HttpServerRequest request,
            HttpServerResponse response,
            Served.Request entry) {
        if (page == null) {
            return send(knownHost ? Answers.notFound() : Answers.misdirected(), request, response, entry);
        }
        return switch (page.kind()) {
            case SLOW ->
                Mono.delay(delay(page), timer)
                        .then(Mono.defer(() -> send(answers.settled(page), request, response, entry)));
            case DROPS_ONCE ->
                entry.number() == 1
                        ? drop(page, response, entry)
                        : send(answers.settled(page), request, response, entry);
            default -> send(answers.answer(page, entry.number()), request, response, entry);
        };
    }

    private Mono<Void> send(
            Answer answer, HttpServerRequest request, HttpServerResponse response, Served.Request entry) {
        head(answer, response);
        if (request.method().equals(HttpMethod.HEAD)) {
            entry.answered(answer.status(), 0);
            return response.then();
        }
        entry.answered(answer.status(), answer.body().length);
        return response.sendByteArray(Mono.just(answer.body())).then();
    }

    /** Half of them close before the first byte, the others in the middle of the body they promised. */
    private Mono<Void> drop(Page page, HttpServerResponse response, Served.Request entry) {
        // Taken now: once what is sent is sent, the server parts the response from its connection.
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        Mono<Void> close = Mono.fromRunnable(() -> {
            // Before the client can see it, and not left to the server, which does not cancel what closes its own
            // connection.
            entry.end();
            Objects.requireNonNull(channel.get()).close();
        });
        // Never completes: the server would take completion for the end of a good answer.
        Mono<Void> closed = close.then(Mono.never());
        if (page.id() % 2 == 0) {
            entry.dropped(0);
            return closed;
        }
        Answer answer = answers.settled(page);
        byte[] half = Arrays.copyOf(answer.body(), answer.body().length / 2);
        head(answer, response);
        entry.dropped(half.length);
        return response.sendByteArray(Flux.just(half)).then().then(closed);
    }

    private static void head(Answer answer, HttpServerResponse response) {
        response.status(answer.status()).header(HttpHeaderNames.CONTENT_LENGTH, "" + answer.body().length);
        if (answer.contentType() != null) {
            response.header(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (answer.location() != null) {
            response.header(HttpHeaderNames.LOCATION, answer.location());
        }
    }

    private static @Nullable InetAddress reachedAt(HttpServerRequest request) {
        InetSocketAddress local = request.hostAddress();
        return local == null ? null : local.getAddress();
    }

    private Duration delay(Page page) {
        TestWebOptions options = plan.options();
        int spread = (int) options.longestDelay().minus(options.shortestDelay()).toMillis();
        return options.shortestDelay()
                .plusMillis(Dice.of(options.seed(), "delay", page.id()).between(0, spread));
    }
}
