package io.weir.demos.fetch;

import io.weir.demos.web.PageKind;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import io.weir.demos.web.Truth;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Pages of a small web, of the kinds that a list of URLs has in it. */
final class Samples {
    private static final List<PageKind> KINDS = List.of(
            PageKind.SLOW,
            PageKind.PAGE,
            PageKind.FAILS_ONCE,
            PageKind.DROPS_ONCE,
            PageKind.REDIRECT,
            PageKind.REDIRECT_LOOP,
            PageKind.NOT_FOUND,
            PageKind.SERVER_ERROR,
            PageKind.LARGE);

    private Samples() {}

    static Mono<TestWeb> serve() {
        TestWebOptions.Builder options = TestWebOptions.builder()
                .hosts(3)
                .pages(63)
                .onlyPlainPages()
                .slowDelay(Duration.ofMillis(300), Duration.ofMillis(300));
        for (PageKind kind : KINDS) {
            if (kind != PageKind.PAGE) {
                options.share(kind, 0.04);
            }
        }
        return TestWeb.start(options.build());
    }

    /** Two of each kind, one that no host has, and one that is no URL. */
    static Flux<String> of(TestWeb web) {
        Truth truth = web.truth();
        Stream<String> pages = KINDS.stream()
                .flatMap(kind -> truth.ofKind(kind).stream().limit(2))
                .map(URI::toString);
        return Flux.fromStream(Stream.concat(pages, Stream.of("http://127.0.0.1:1/nobody-listens", "http:/no-url")));
    }
}
