/** A use of Weir: a tree of files copied, and the copy proven. Begin with {@link io.weir.demos.copy.CopyCommand}. */
@NullMarked
package io.weir.demos.copy;

import org.jspecify.annotations.NullMarked;
