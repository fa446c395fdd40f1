package io.weir.demos.crawl;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of one URL: a line of the report.
 *
 * @param link the URL, as it entered the frontier
 * @param outcome how it ended
 * @param status the final status; 0 where there was no answer
 * @param finalUrl where the answer came from, or where the redirect that was not followed led
 * @param bytes the length of the body that was received
 * @param elapsed the time that all attempts took on server and network, without the pauses between them; zero
 *     where nothing was asked
 * @param retries how many attempts came before the last one
 * @param redirects how many redirects the last attempt followed
 * @param file where the body is kept; null where it is not
 * @param error what went wrong, in a few words; null where nothing did
 */
record Visit(
        Link link,
        PageOutcome outcome,
        int status,
        CanonicalUrl finalUrl,
        long bytes,
        Duration elapsed,
        int retries,
        int redirects,
        @Nullable Path file,
        @Nullable String error) {

    /** A visit that ended without an answer. */
    static Visit of(Link link, PageOutcome outcome, @Nullable String error) {
        return new Visit(link, outcome, 0, link.url(), 0, Duration.ZERO, 0, 0, null, error);
    }

    Visit as(PageOutcome other, @Nullable String why) {
        return new Visit(link, other, status, finalUrl, bytes, elapsed, retries, redirects, file, why);
    }

    Visit keptIn(Path where) {
        return new Visit(link, outcome, status, finalUrl, bytes, elapsed, retries, redirects, where, error);
    }

    /** Splits a visit that was redirected: this is what is left for the URL that led elsewhere. */
    Visit withoutBody() {
        return new Visit(link, outcome, status, finalUrl, 0, elapsed, retries, redirects, file, error);
    }

    /** … and this is the part of the URL it led to, which needed no request of its own. */
    Visit at(Link target) {
        return new Visit(target, PageOutcome.OK, status, target.url(), bytes, Duration.ZERO, 0, 0, file, null);
    }

    boolean wasRedirected() {
        return !finalUrl.equals(link.url());
    }

    /** The same, when attempts before this one had taken time too. */
    Visit after(Duration earlier) {
        return new Visit(
                link, outcome, status, finalUrl, bytes, elapsed.plus(earlier), retries, redirects, file, error);
    }
}
