/**
 * The crawler behind {@code weir crawl}: a bounded frontier, a fixed number of workers, and an end that is known.
 *
 * <p>Read {@link io.weir.demos.crawl.Crawl} first. It holds the whole flow, and everything else here is a plain part
 * it calls: what a URL is ({@code CanonicalUrl}, {@code Scope}), what a page says ({@code LinkExtractor}), what a site
 * allows ({@code Robots}), how a page is fetched ({@code PageFetcher}), where it is kept ({@code PageStore}) and what is
 * told about it ({@code Report}).
 */
@NullMarked
package io.weir.demos.crawl;

import org.jspecify.annotations.NullMarked;
