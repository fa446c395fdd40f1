package io.weir.demos.crawl;

import io.weir.http.FetchClient;
import io.weir.http.FetchException;
import io.weir.http.FetchRedirectException;
import io.weir.http.FetchRequest;
import io.weir.http.FetchResponse;
import io.weir.http.RedirectPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Fetches one page as a good guest does: asks robots.txt first and at each redirect, waits for its turn, tries again what
 * may pass, and gives every end a name. The Monos never fail: what went wrong is in the {@link Visit}.
 */
final class PageFetcher {

    /** Statuses that say "not now" rather than "no". */
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    /** How often a page is asked for again because its redirects led to an origin not seen before. */
    private static final int MOST_NEW_ORIGINS = 5;

    private final LongAdder attempts = new LongAdder();
    private final LongAdder hops = new LongAdder();
    private final FetchClient client;
    private final Robots robots;
    private final Scope scope;
    private final CrawlOptions options;

    PageFetcher(FetchClient client, Robots robots, Scope scope, CrawlOptions options) {
        this.client = client;
        this.robots = robots;
        this.scope = scope;
        this.options = options;
    }

    /** Fetches the link's page, or says why there is none. */
    Mono<Fetched> fetch(Link link) {
        return robots.rules(link.url())
                .flatMap(rules -> {
                    FetchException unreachable = rules.whyUnreachable();
                    if (unreachable != null) {
                        return Mono.just(failed(link, unreachable, 0));
                    }
                    if (!rules.allows(link.url())) {
                        return Mono.just(
                                new Fetched(Visit.of(link, PageOutcome.ROBOTS_DENIED, rules.whyClosed()), null));
                    }
                    return rules.turn().then(attempts(link, 0));
                })
                // One page that cannot be dealt with is one line of the report, not the end of the crawl.
                .onErrorResume(
                        error -> Mono.just(new Fetched(Visit.of(link, PageOutcome.FAILED, error.toString()), null)));
    }

    /** Requests made for pages, retries and redirects included. */
    long requests() {
        return attempts.sum() + hops.sum();
    }

    long redirects() {
        return hops.sum();
    }

    /**
     * Tries until there is an answer worth having. A redirect may lead to an origin whose rules are not here yet, and the
     * predicate that is asked cannot wait for them: then they are fetched, and the page once more.
     */
    private Mono<Fetched> attempts(Link link, int newOrigins) {
        AtomicInteger tries = new AtomicInteger();
        AtomicLong earlier = new AtomicLong();
        return Mono.defer(() -> client.fetch(request(link)))
                .doOnSubscribe(start -> {
                    tries.incrementAndGet();
                    attempts.increment();
                })
                .flatMap(response -> BUSY.contains(response.status())
                        ? Mono.<FetchResponse>error(new BusyException(response))
                        : Mono.just(response))
                .retryWhen(Retry.backoff(options.retries(), FIRST_BACKOFF)
                        .maxBackoff(LONGEST_BACKOFF)
                        .filter(PageFetcher::mayPass)
                        .doBeforeRetry(
                                retry -> earlier.addAndGet(took(retry.failure()).toNanos()))
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                .onErrorResume(BusyException.class, busy -> Mono.just(busy.response()))
                .map(response -> answered(link, response, tries.get() - 1))
                .onErrorResume(FetchException.class, error -> refused(link, error, tries.get() - 1, newOrigins))
                .map(fetched -> fetched.after(Duration.ofNanos(earlier.get())));
    }

    private static Duration took(Throwable failure) {
        if (failure instanceof BusyException busy) {
            return busy.response().elapsed();
        }
        return failure instanceof FetchException error ? error.elapsed() : Duration.ZERO;
    }

    private FetchRequest request(Link link) {
        return FetchRequest.get(link.url().toString())
                .redirects(RedirectPolicy.onlyIf((from, to) -> mayFollow(link, to)));
    }

    /** Asked on an event loop for each redirect: whatever is not known at once is no. */
    private boolean mayFollow(Link link, URI to) {
        CanonicalUrl target = CanonicalUrl.of(to.toString());
        if (target == null || !scope.follow(link.url(), target)) {
            return false;
        }
        Rules rules = robots.loaded(target);
        boolean allowed = rules != null && rules.allows(target);
        if (allowed) {
            hops.increment();
        }
        return allowed;
    }

    private static boolean mayPass(Throwable error) {
        return error instanceof BusyException || (error instanceof FetchException failure && failure.isTransient());
    }

    private static Fetched answered(Link link, FetchResponse response, int retries) {
        CanonicalUrl finalUrl = CanonicalUrl.of(response.uri().toString());
        boolean success = response.isSuccess();
        Visit visit = new Visit(
                link,
                success ? PageOutcome.OK : PageOutcome.HTTP_ERROR,
                response.status(),
                finalUrl == null ? link.url() : finalUrl,
                response.bytes().length,
                response.elapsed(),
                retries,
                response.redirects().size(),
                null,
                null);
        return new Fetched(visit, success ? response : null);
    }

    /** A fetch without an answer. Of a refused redirect it is found out why, which may be that nobody has asked yet. */
    private Mono<Fetched> refused(Link link, FetchException error, int retries, int newOrigins) {
        Fetched failed = failed(link, error, retries);
        if (failed.visit().outcome() != PageOutcome.REDIRECT_REFUSED
                || !failed.visit().wasRedirected()) {
            return Mono.just(failed);
        }
        CanonicalUrl target = failed.visit().finalUrl();
        if (!scope.contains(target)) {
            return Mono.just(new Fetched(failed.visit().as(PageOutcome.REDIRECT_ELSEWHERE, null), null));
        }
        Rules loaded = robots.loaded(target);
        if (loaded == null || loaded.allows(target)) {
            // Refused for want of rules, which another page may have brought by now.
            return newOrigins < MOST_NEW_ORIGINS && scope.follow(link.url(), target)
                    ? robots.rules(target).flatMap(rules -> attempts(link, newOrigins + 1))
                    : Mono.just(failed);
        }
        FetchException unreachable = loaded.whyUnreachable();
        Visit visit = unreachable == null
                ? failed.visit().as(PageOutcome.ROBOTS_DENIED, loaded.whyClosed())
                : failed.visit().as(PageOutcome.of(unreachable), unreachable.getMessage());
        return Mono.just(new Fetched(visit, null));
    }

    private static Fetched failed(Link link, FetchException error, int retries) {
        FetchRedirectException redirect = error instanceof FetchRedirectException r ? r : null;
        CanonicalUrl target = redirect == null ? null : CanonicalUrl.of(redirect.location());
        Visit visit = new Visit(
                link,
                PageOutcome.of(error),
                redirect == null ? 0 : redirect.status(),
                target == null ? link.url() : target,
                0,
                error.elapsed(),
                retries,
                redirect == null ? 0 : redirect.chain().size(),
                null,
                error.getMessage());
        return new Fetched(visit, null);
    }
}
