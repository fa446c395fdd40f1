/**
 * Direct style: bodies that read from top to bottom, on a thread of their own that costs little, and wait by parking it.
 *
 * <pre>
 * java.util.concurrent.CancellationException
 *  └── CoroutineCancelledException    thrown inside a body whose Mono was cancelled: what it awaited
 * java.util.concurrent.RejectedExecutionException
 *  └── CoroutineRejectedException     as many bodies run as may: the limit
 * </pre>
 */
@NullMarked
package io.weir.core.coroutine;

import org.jspecify.annotations.NullMarked;
