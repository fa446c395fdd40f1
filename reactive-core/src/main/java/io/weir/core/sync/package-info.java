/**
 * What tasks meet at: queues and semaphores on which a waiter is a {@code Mono} and not a thread.
 *
 * <p>All waits are fair (first come, first served), cancellable, and lose nothing: an element or permit that a cancelled
 * waiter did not get goes to the next one. Errors:
 *
 * <pre>
 * RuntimeException
 * ├── QueueClosedException    put after close, take from a closed and empty queue
 * └── WaitTimeoutException    a bounded wait ended without what it waited for
 * </pre>
 *
 * <p>One hard type, {@code Turnstile}, lets one operation at a time into a structure without ever blocking a thread;
 * everything else here is plain single-threaded code that runs inside it.
 */
@NullMarked
package io.weir.core.sync;

import org.jspecify.annotations.NullMarked;
