/**
 * What tasks meet at: queues, locks, events and limits at which a waiter is a {@code Mono} and not a thread.
 *
 * <p>All waits are fair (first come, first served), cancellable, and lose nothing: an element, a permit, a signal or a token that
 * a cancelled waiter did not get goes to the next one. Errors:
 *
 * <pre>
 * RuntimeException
 * ├── BarrierBrokenException  a barrier was aborted, or reset under those who waited
 * ├── QueueClosedException    put after close, take from a closed and empty queue
 * └── WaitTimeoutException    a bounded wait ended without what it waited for
 * </pre>
 *
 * <p>One hard type, {@code Turnstile}, lets one operation at a time into a structure without ever blocking a thread;
 * everything else here is plain single-threaded code that runs inside it. {@link io.weir.core.sync.Bracket} needs none: it holds
 * nothing that two tasks share.
 */
@NullMarked
package io.weir.core.sync;

import org.jspecify.annotations.NullMarked;
