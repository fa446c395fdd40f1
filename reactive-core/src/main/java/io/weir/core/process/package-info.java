/**
 * Other programs: {@link io.weir.core.process.AsyncProcess} runs them, {@link io.weir.core.process.Command} says what and how. Output under
 * backpressure, input from a publisher, and an end that leaves nothing behind.
 *
 * <pre>
 * RuntimeException
 *  └── ProcessException                 command()
 *       ├── ProcessNotFoundException     no such program
 *       ├── ProcessAccessException       not executable, or forbidden
 *       ├── ProcessDirectoryException    no such working directory: directory()
 *       ├── ProcessIoException           the rest of what the system says: getCause()
 *       ├── ProcessOutputLimitException  it wrote more than is kept: stream(), limit(), setting()
 *       ├── ProcessLineTooLongException  a line was longer than allowed: stream(), limit(), setting()
 *       └── ProcessExitException         it did not exit with 0: status(), stderrTail()
 *            └── ProcessKilledException  a signal ended it: signal()
 * java.util.concurrent.RejectedExecutionException
 *  └── ProcessRejectedException         too many run at once: limit()
 * </pre>
 */
@NullMarked
package io.weir.core.process;

import org.jspecify.annotations.NullMarked;
