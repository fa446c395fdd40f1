/**
 * The races of {@code io.weir.core.sync}, one class each, run by jcstress; and its sequential specifications, checked by
 * Lincheck. In the same package, so that they see what users do not.
 */
@NullMarked
package io.weir.core.sync;

import org.jspecify.annotations.NullMarked;
