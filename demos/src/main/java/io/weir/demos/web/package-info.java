/**
 * A small web inside the process: something real to crawl, of which the exact truth is known.
 *
 * <p>{@link io.weir.demos.web.TestWeb} serves it. {@link io.weir.demos.web.TestWebOptions} says how large it is and how
 * odd. {@link io.weir.demos.web.Truth} says what an obedient crawler finds in it, and {@link io.weir.demos.web.Served}
 * what was really asked for. The same seed gives the same web, apart from the ports.
 *
 * <p>Inside, a {@code WebPlan} holds every page and who links to whom, {@code PageWriter} turns one page of it into HTML
 * each time it is asked for, and {@code SiteHandler} answers, with the delays and failures the plan wants.
 */
@NullMarked
package io.weir.demos.web;

import org.jspecify.annotations.NullMarked;
