package io.weir.demos.crawl;

import crawlercommons.robots.BaseRobotRules;
import io.weir.http.FetchException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What one origin allows. */
final class Rules {

    /** The longest {@code Crawl-delay} that is honoured: a longer one would be taken for a hung crawl. */
    static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private static final Rules OPEN = new Rules(null, null, null);

    private final @Nullable BaseRobotRules parsed;
    private final @Nullable String closed;
    private final @Nullable FetchException unreachable;
    private final long delayNanos;
    private final AtomicLong nextTurn = new AtomicLong(System.nanoTime());

    private Rules(@Nullable BaseRobotRules parsed, @Nullable String closed, @Nullable FetchException unreachable) {
        this.parsed = parsed;
        this.closed = closed;
        this.unreachable = unreachable;
        long millis = parsed == null ? 0 : Math.max(0, parsed.getCrawlDelay());
        this.delayNanos = Math.min(millis, LONGEST_DELAY.toMillis()) * 1_000_000;
    }

    static Rules of(BaseRobotRules parsed) {
        return new Rules(parsed, null, null);
    }

    /** Everything is allowed. */
    static Rules open() {
        return OPEN;
    }

    /** Nothing is. */
    static Rules closed(String why) {
        return new Rules(null, why, null);
    }

    /** Nobody knows, since the origin does not answer. */
    static Rules unreachable(FetchException why) {
        return new Rules(null, null, why);
    }

    boolean allows(CanonicalUrl url) {
        return closed == null && unreachable == null && (parsed == null || parsed.isAllowed(url.toString()));
    }

    /** Why nothing is allowed; null where some of it may be. */
    @Nullable
    String whyClosed() {
        return closed;
    }

    @Nullable
    FetchException whyUnreachable() {
        return unreachable;
    }

    /** Waits for the next turn that the origin's {@code Crawl-delay} gives; completes at once where there is none. */
    Mono<Void> turn() {
        if (delayNanos == 0) {
            return Mono.empty();
        }
        return Mono.defer(() -> {
            long now = System.nanoTime();
            long turn = nextTurn.getAndUpdate(next -> Math.max(next, now) + delayNanos);
            return turn <= now
                    ? Mono.empty()
                    : Mono.delay(Duration.ofNanos(turn - now)).then();
        });
    }
}
