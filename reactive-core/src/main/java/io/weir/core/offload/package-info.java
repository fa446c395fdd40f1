/**
 * Moving blocking and CPU-heavy calls off the event loop: {@link io.weir.core.offload.Offload}.
 *
 * <pre>
 * RejectedExecutionException
 * └── OffloadRejectedException    all workers busy and the queue full, or the pool closed
 * </pre>
 */
@NullMarked
package io.weir.core.offload;

import org.jspecify.annotations.NullMarked;
