/** Running things at once: {@link io.weir.core.task.Gather} and its {@link io.weir.core.task.Outcome}. */
@NullMarked
package io.weir.core.task;

import org.jspecify.annotations.NullMarked;
