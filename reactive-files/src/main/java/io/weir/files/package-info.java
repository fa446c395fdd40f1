/**
 * Files as Monos and Fluxes: {@link io.weir.files.AsyncFiles} reads and writes by path, under backpressure, on worker
 * threads, and never on the thread that subscribes. {@link io.weir.files.AsyncFile} is an open file, read and written at
 * positions. Where Linux's io_uring is there, some of it is done by that.
 *
 * <p>What goes wrong arrives as a {@link io.weir.files.FileException}, which names the file and the operation. It is
 * unchecked, and sealed, so that a {@code switch} or a chain of {@code onErrorResume} can be complete:
 *
 * <pre>
 * FileException                   path(), operation()
 * ├── PathNotFoundException       the file, or a folder on the way to it, is missing
 * ├── FileExistsException         the file must not exist, and does
 * ├── FileAccessException         the permissions forbid it
 * ├── FileTooLargeException       over the limit for a file read whole: limit(), setting()
 * ├── FileClosedException         the handle has been closed, or its scope has ended
 * ├── LineTooLongException        over the limit for a line: offset(), limit(), setting()
 * ├── MalformedTextException      not text in the charset: offset(), charset()
 * ├── AppendLogException          a log that is closed, full or broken: reason()
 * └── FileIoException             the rest: a full disk, too many open files, a folder where a file was meant;
 *                                 getCause() is what the system said
 * </pre>
 *
 * <p>When the worker pool is full the error is the pool's {@link java.util.concurrent.RejectedExecutionException}.
 *
 * <p>What {@link io.weir.files.Compression} cannot decompress is a {@link io.weir.files.DecodeException}, which knows of no file.
 *
 * <p>Reading a file as a stream of lines, and writing one:
 *
 * <pre>{@code
 * Mono<Long> errors = AsyncFiles.lines(log).filter(line -> line.contains("ERROR")).count();
 *
 * Mono<Long> copied = AsyncFiles.writeLines(target, AsyncFiles.lines(source).map(String::strip));
 * }</pre>
 *
 * <p>Replacing a file so that a reader sees the old content or the new, whole, and never something between:
 *
 * <pre>{@code
 * Mono<Long> saved = AsyncFiles.writeAtomically(config, json);
 * }</pre>
 *
 * <p>A default where the file may be missing:
 *
 * <pre>{@code
 * Mono<String> text = AsyncFiles.readString(config)
 *         .onErrorResume(PathNotFoundException.class, e -> Mono.just("{}"));
 * }</pre>
 */
@NullMarked
package io.weir.files;

import org.jspecify.annotations.NullMarked;
