/** The races of {@code io.weir.core.task}, one class each, run by jcstress. */
@NullMarked
package io.weir.core.task;

import org.jspecify.annotations.NullMarked;
