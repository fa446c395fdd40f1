/** The {@code weir} command line: {@link io.weir.demos.Weir} reads it, each command has a package of its own. */
@NullMarked
package io.weir.demos;

import org.jspecify.annotations.NullMarked;
