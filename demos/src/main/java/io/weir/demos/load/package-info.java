/**
 * A load tester: {@link io.weir.demos.load.LoadCommand}. {@code LoadTest} sends, {@code Measurement} counts, {@code LoadTable},
 * {@code LoadPage} and {@code LatencyPlot} tell.
 */
@NullMarked
package io.weir.demos.load;

import org.jspecify.annotations.NullMarked;
