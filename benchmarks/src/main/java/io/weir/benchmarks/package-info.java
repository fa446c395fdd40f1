/** Weir beside its peers, in one run. */
@NullMarked
package io.weir.benchmarks;

import org.jspecify.annotations.NullMarked;
