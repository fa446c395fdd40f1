package io.weir.demos.crawl;

import java.io.PrintWriter;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Shows how a crawl goes on while it does. */
abstract class Progress {

    /** Runs the crawl and shows it until it ends, whichever way. */
    final Mono<Void> during(Mono<Void> run, Duration period) {
        // A display that lags or fails is no reason for the crawl to end.
        Mono<Boolean> display = Flux.interval(period)
                .onBackpressureDrop()
                .doOnNext(tick -> show())
                .onErrorComplete()
                .then(Mono.never());
        // Closed before the end is told, so that what is printed next stands below.
        return Mono.using(() -> this, on -> Mono.firstWithSignal(run.thenReturn(true), display), Progress::close)
                .then();
    }

    abstract void show();

    void close() {}

    /** Lines: for logs, pipes, and terminals that cannot draw. */
    static Progress lines(Crawl crawl, PrintWriter err) {
        return new Progress() {
            @Override
            void show() {
                err.printf("%,d/%,d URLs, %s%n", crawl.statistics.done(), crawl.index.size(), details(crawl));
                err.flush();
            }
        };
    }

    /** What a count of URLs does not say: in flight, bytes, errors, rate, and the time left at that rate. */
    static String details(Crawl crawl) {
        Statistics so = crawl.statistics;
        double rate = so.done() / Math.max(0.001, so.elapsed().toNanos() / 1e9);
        long left = rate == 0 ? 0 : Math.round((crawl.index.size() - so.done()) / rate);
        return "%d in flight, %s, %,d failed, %,.0f/s, %d:%02d left"
                .formatted(so.inFlight(), Summary.bytes(so.bytes()), so.failed(), rate, left / 60, left % 60);
    }
}
