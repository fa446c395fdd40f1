/**
 * What goes wrong without an error: {@link io.weir.core.debug.Diagnostics}, asyncio's debug mode. It uses none of Weir's other packages; they
 * show it what they make.
 *
 * <pre>{@code
 * Diagnostics.enable(DiagnosticsOptions.defaults()
 *         .withAllOperators()
 *         .withThreshold(Duration.ofMillis(50))
 *         .withListener(report -> log.warn(report.message())));
 * }</pre>
 */
@NullMarked
package io.weir.core.debug;

import org.jspecify.annotations.NullMarked;
