/**
 * The races of {@code io.weir.core.offload}, one class each, run by jcstress. Most have no worker threads: the actors are the workers,
 * so that what they race for is what is raced for. In the same package, so that they see what users do not.
 */
@NullMarked
package io.weir.core.offload;

import org.jspecify.annotations.NullMarked;
