package io.weir.demos.crawl;

import io.weir.http.FetchResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A visit whose fetch is over.
 *
 * @param visit what is known of it so far
 * @param response the answer, where it is a success; null where there is nothing to parse or keep
 */
record Fetched(Visit visit, @Nullable FetchResponse response) {
    /** The same, when attempts before this one had taken time too. */
    Fetched after(Duration earlier) {
        return new Fetched(visit.after(earlier), response);
    }
}
