/** The demos print what they are expected to. */
@NullMarked
package io.weir.demos.ideas;

import org.jspecify.annotations.NullMarked;
