package io.weir.demos.web;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A web of many hosts inside this process, to be crawled.
 *
 * <p>It is finite, and its truth is known: {@link #truth()} says what an obedient crawler finds from {@link #startUri()} on,
 * {@link #served()} what was asked for. It listens on loopback addresses only. One thread of its own serves all hosts, so that
 * the crawler keeps the other cores; pages are written when they are asked for, and none is kept.
 *
 * <pre>{@code
 * Mono<Integer> crawled =
 *         Mono.usingWhen(TestWeb.start(TestWebOptions.defaults()), web -> crawl(web.startUri()), TestWeb::stop);
 * }</pre>
 */
public final class TestWeb implements AutoCloseable {
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final WebPlan plan;
    private final Served served = new Served();
    private final Listeners listeners;
    private final Mono<Void> stop;
    private volatile @Nullable Running running;

    private TestWeb(TestWebOptions options) {
        plan = WebPlanner.plan(options);
        listeners = new Listeners(this::handle);
        stop = Mono.defer(listeners::close).publishOn(Schedulers.parallel()).cache();
    }

    /** What is known only when the ports are. */
    private record Running(Origins origins, Answers answers, SiteHandler handler) {}

    /**
     * Starts a web.
     *
     * <p>Emits the web, listening, or fails if it cannot listen. Starts one on each subscription; the plan is drawn up on the
     * subscribing thread, which takes some tens of milliseconds. The signal comes on a parallel scheduler's thread. Cancel
     * before the signal stops what was started; after it, the receiver stops the web.
     *
     * @param options how large and how odd
     * @return the web, listening
     */
    public static Mono<TestWeb> start(TestWebOptions options) {
        return Mono.defer(() -> {
            TestWeb web = new TestWeb(options);
            // Cached, so that cancel does not reach the binding: half a bind cannot be undone, a whole one can.
            Mono<TestWeb> listening = web.listen().cache();
            AtomicBoolean settled = new AtomicBoolean();
            return listening
                    .onErrorResume(e -> web.stop.then(Mono.error(e)))
                    .publishOn(Schedulers.parallel())
                    .doOnNext(delivered -> settled.set(true))
                    .doOnCancel(() -> {
                        if (settled.compareAndSet(false, true)) {
                            listening.onErrorComplete().then(web.stop).subscribe();
                        }
                    });
        });
    }

    private Mono<TestWeb> listen() {
        return listeners.bind(plan.options().addressing(), plan.hosts()).map(all -> {
            Origins origins = new Origins(all);
            Answers answers = new Answers(plan, new PageWriter(plan, origins));
            running = new Running(origins, answers, new SiteHandler(plan, origins, answers, served, listeners.timer()));
            return this;
        });
    }

    private Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        Running now = running;
        return now == null ? response.status(503).send() : now.handler().apply(request, response);
    }

    private Running running() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("not listening yet");
        }
        return now;
    }

    /** {@return the home page of host 0, from which every page can be reached} */
    public URI startUri() {
        return running().origins().uri(plan.home(0));
    }

    /** {@return the home pages of the hosts to be crawled, the start page first; the closed host is not among them} */
    public List<URI> homes() {
        return IntStream.range(0, plan.options().hosts())
                .mapToObj(host -> running().origins().uri(plan.home(host)))
                .toList();
    }

    /**
     * {@return the address of one of the web's hosts; null for any other name} Asks no DNS.
     *
     * @param host the name of a host as it stands in its URLs
     */
    public @Nullable InetAddress resolve(String host) {
        return running().origins().address(host);
    }

    /** {@return the options it was started with} */
    public TestWebOptions options() {
        return plan.options();
    }

    /**
     * {@return what there is to be found} Worked out anew on each call, on the calling thread: about a second for 5 000 pages, each of
     * which is written once to know its length.
     */
    public Truth truth() {
        return Truth.of(plan, running().origins(), running().answers());
    }

    /** {@return what was asked for so far; it goes on counting} */
    public Served served() {
        return served;
    }

    /**
     * Stops the web.
     *
     * <p>Completes when no socket is open, no connection either, and its thread has ended. Starts on the first subscription;
     * later ones wait for the same end. Completes on a parallel scheduler's thread. Cancel only ends the waiting.
     *
     * @return the end of it
     */
    public Mono<Void> stop() {
        return stop;
    }

    /** Stops the web and waits for it, 10 seconds at most. Not for threads that must not block: those have {@link #stop()}. */
    @Override
    public void close() {
        stop.block(LONGEST_STOP);
    }
}
