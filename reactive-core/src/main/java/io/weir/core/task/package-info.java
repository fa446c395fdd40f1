/**
 * Work that runs at once, and how it ends: gathering, task groups, deadlines, periodic runs, and the tree of what is alive.
 *
 * <pre>
 * RuntimeException
 *  └── DeadlineExceededException    the time for the whole is over: budget, what was waited on
 * java.util.concurrent.CancellationException
 *  └── TaskCancelledException       joined, but cancelled: task, reason
 * java.util.concurrent.RejectedExecutionException
 *  └── TaskRejectedException        the group is closed or full: group, task, numbers
 * </pre>
 */
@NullMarked
package io.weir.core.task;

import org.jspecify.annotations.NullMarked;
