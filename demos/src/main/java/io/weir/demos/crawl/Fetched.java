package io.weir.demos.crawl;

import io.weir.http.FetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * A visit whose fetch is over.
 *
 * @param visit what is known of it so far
 * @param response the answer, where it is a success; null where there is nothing to parse or keep
 */
record Fetched(Visit visit, @Nullable FetchResponse response) {}
