/**
 * Moving blocking and CPU-heavy calls off the event loop: {@link io.weir.core.offload.Offload}, on bounded pools that are Reactor
 * Schedulers as well.
 *
 * <pre>
 * RejectedExecutionException
 * └── OffloadRejectedException    all workers busy and the queue full, or the pool closed; with its numbers
 * </pre>
 *
 * <p>What a call throws comes as it is. What nobody is there to hear, a scheduled task's error or that of a subscriber that throws, goes to the thread's uncaught
 * handler and to {@code Schedulers.onHandleError}.
 */
@NullMarked
package io.weir.core.offload;

import org.jspecify.annotations.NullMarked;
