/** A use of Weir: many small models trained at once, the bad ones given up early. Begin with {@link io.weir.demos.train.TrainCommand}. */
@NullMarked
package io.weir.demos.train;

import org.jspecify.annotations.NullMarked;
