package io.weir.demos.web;

import java.time.Duration;
import java.util.Objects;

/** Starts webs for tests. */
final class Webs {
    private Webs() {}

    /** The default options, but slow pages are not slow. */
    static TestWebOptions.Builder quick() {
        return TestWebOptions.builder().slowDelay(Duration.ofMillis(1), Duration.ofMillis(5));
    }

    static TestWeb start(TestWebOptions.Builder options) {
        return Objects.requireNonNull(TestWeb.start(options.build()).block());
    }
}
