/**
 * Running things at once: {@link io.weir.core.task.Gather}, what became of each as an {@link io.weir.core.task.Outcome}, and that it
 * did as a {@link io.weir.core.task.Completion}.
 *
 * <p>No errors of its own: what a source fails with is passed on as it is, later errors suppressed on the first.
 */
@NullMarked
package io.weir.core.task;

import org.jspecify.annotations.NullMarked;
