/** One small program for each idea of Weir: {@code weir demo} lists and runs them. Begin with {@link io.weir.demos.ideas.Hello}. */
@NullMarked
package io.weir.demos.ideas;

import org.jspecify.annotations.NullMarked;
