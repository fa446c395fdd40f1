package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.weir.core.offload.Offload;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.RejectedExecutionException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Files, read and written by path. What is said here holds for every method; each says only what is its own.
 *
 * <ul>
 *   <li><b>When.</b> Nothing happens when a method is called. Each subscription does the work anew: a read opens the
 *       file at once and reads when asked to, a write begins when its result is asked for.
 *   <li><b>Threads.</b> The work is done, and signals arrive, on the workers of {@link Offload#blockingScheduler()}, never
 *       on the thread that subscribes or requests. One worker serves a burst of demand; without demand, and while a writer
 *       waits for its source, none is held. Work that goes on for more than a millisecond lets other files have their turn. A
 *       slow consumer belongs on a thread of its own, with {@code publishOn}. With the {@linkplain #engine() engine}
 *       {@code io_uring}, what {@code readAllBytes} and {@code readString} give of files up to 1 MiB, and what an {@link AsyncFile} gives,
 *       arrives on the thread of an event loop: the caller's own, if it has an io_uring, or else one named {@code weir-files}.
 *       Nothing may block there, and Reactor's {@code block()} refuses to.
 *   <li><b>Cancel</b> is noticed before the next call to the system, and at once while waiting; the file is then closed. A
 *       call that is under way on a worker is not interrupted; an io_uring is asked to give it up.
 *   <li><b>The end.</b> When completion or an error arrives, the file has been closed.
 *   <li><b>Errors</b> of the file are {@link FileException}s, its tree is shown in the description of this package. A full
 *       worker pool is reported with the pool's own {@link RejectedExecutionException}, and that one signal may arrive
 *       on the thread that requested, or on the source's.
 *   <li><b>Bounds.</b> What is read is bounded by {@link ReadOptions}; nothing is read ahead of demand. A write holds no more
 *       than 64 buffers or 1024 lines of its source, and 256 KiB of copies.
 * </ul>
 */
public final class AsyncFiles {
    private static final ThreadEngine ENGINE = Engines.choose();

    private AsyncFiles() {}

    /**
     * How files are read in this process: {@code "io_uring"} or {@code "threads"}. The system property
     * {@code weir.files.engine}, read once, asks for one of them; by default it is {@code auto}, which is io_uring where the
     * native jar {@code io.netty:netty-transport-native-io_uring} is on the class path and the kernel allows it.
     *
     * @return the name of the engine
     */
    public static String engine() {
        return ENGINE.name();
    }

    static Mono<OpenFile> open(FileOperation operation, OpenOptions options) {
        return ENGINE.open(operation, options);
    }

    /**
     * Emits the file in pooled buffers of up to 256 KiB, as {@link #read(Path, ReadOptions)} does.
     *
     * @param path the file
     * @return the buffers, each to be released by whoever receives it
     */
    public static Flux<ByteBuf> read(Path path) {
        return read(path, ReadOptions.defaults());
    }

    /**
     * Emits the file in pooled direct buffers, none of them empty. Whoever receives a buffer owns it and releases it; one that
     * was read and could not be delivered is released by this source.
     *
     * @param path the file
     * @param options the chunk size
     * @return the buffers; empty for an empty file
     */
    public static Flux<ByteBuf> read(Path path, ReadOptions options) {
        return ENGINE.read(new FileOperation("read", path), options);
    }

    /**
     * Emits the file as one array of up to 64 MiB, as {@link #readAllBytes(Path, ReadOptions)} does.
     *
     * @param path the file
     * @return the content
     */
    public static Mono<byte[]> readAllBytes(Path path) {
        return readAllBytes(path, ReadOptions.defaults());
    }

    /**
     * Emits the file as one array. A file whose size is not known before it is read, as under {@code /proc}, is read to its
     * end. One that is too large fails with {@link FileTooLargeException}, where its size is known before anything is read.
     *
     * @param path the file
     * @param options the largest size, and how much is read at once
     * @return the content; an empty array for an empty file
     */
    public static Mono<byte[]> readAllBytes(Path path, ReadOptions options) {
        return ENGINE.readAllBytes(new FileOperation("readAllBytes", path), options);
    }

    /**
     * Emits the file as UTF-8 text, as {@link #readString(Path, ReadOptions)} does.
     *
     * @param path the file
     * @return the text
     */
    public static Mono<String> readString(Path path) {
        return readString(path, ReadOptions.defaults());
    }

    /**
     * Emits the file as text, as {@link #readString(Path, ReadOptions)} does.
     *
     * @param path the file
     * @param charset the charset of the text
     * @return the text
     */
    public static Mono<String> readString(Path path, Charset charset) {
        return readString(path, ReadOptions.defaults().withCharset(charset));
    }

    /**
     * Emits the file as text, without the byte order mark it may begin with. Fails with {@link FileTooLargeException} over
     * {@link ReadOptions#withMaxSize}, counted in bytes, and with {@link MalformedTextException}, which tells where, for
     * bytes that are no text in the charset, if they are not {@linkplain ReadOptions#replacingMalformed() replaced}.
     *
     * @param path the file
     * @param options the charset and the largest size
     * @return the text; an empty String for an empty file
     */
    public static Mono<String> readString(Path path, ReadOptions options) {
        return ENGINE.readString(new FileOperation("readString", path), options);
    }

    /**
     * Emits the lines of a UTF-8 file, as {@link #lines(Path, ReadOptions)} does.
     *
     * @param path the file
     * @return the lines
     */
    public static Flux<String> lines(Path path) {
        return lines(path, ReadOptions.defaults());
    }

    /**
     * Emits the lines of a file, without their endings: LF, CR or CRLF, which may be mixed. The last line needs none. A byte
     * order mark at the beginning is dropped.
     *
     * <p>Fails with {@link LineTooLongException} over {@link ReadOptions#withMaxLineLength}, and with
     * {@link MalformedTextException} for bytes that are no text in the charset, if they are not
     * {@linkplain ReadOptions#replacingMalformed() replaced}; both tell the offset in bytes, and come after all the lines before. UTF-8 and the charsets of one byte for each character are split without decoding, others take
     * longer.
     *
     * <p>A file of one JSON value for each line, with the number of the line for what the parser has to complain of:
     *
     * <pre>{@code
     * Flux<Order> orders = AsyncFiles.lines(ndjson).index((before, line) -> Order.parse(line, before + 1));
     * }</pre>
     *
     * @param path the file
     * @param options the charset, the longest line, and how much is read at once
     * @return the lines; empty for an empty file
     */
    public static Flux<String> lines(Path path, ReadOptions options) {
        return ENGINE.lines(new FileOperation("lines", path), options);
    }

    /**
     * Writes an array, as {@link #write(Path, byte[], WriteOptions)} does, to a new or emptied file.
     *
     * @param path the file
     * @param bytes the content, which must not change until it is written
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, byte[] bytes) {
        return write(path, bytes, WriteOptions.overwrite());
    }

    /**
     * Writes an array and emits the number of bytes written. After an error or a cancel, what had been written stays.
     *
     * @param path the file
     * @param bytes the content, which must not change until it is written
     * @param options what becomes of a file that is there
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, byte[] bytes, WriteOptions options) {
        return ENGINE.write(new FileOperation("write", path), bytes, options);
    }

    /**
     * Writes text in UTF-8, as {@link #write(Path, CharSequence, WriteOptions)} does, to a new or emptied file.
     *
     * @param path the file
     * @param text the content
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, CharSequence text) {
        return write(path, text, WriteOptions.overwrite());
    }

    /**
     * Writes text, as {@link #write(Path, CharSequence, WriteOptions)} does, to a new or emptied file.
     *
     * @param path the file
     * @param text the content
     * @param charset the charset to write it in
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, CharSequence text, Charset charset) {
        return write(path, text, WriteOptions.overwrite().withCharset(charset));
    }

    /**
     * Writes text and emits the number of bytes written. Text the charset cannot express is a {@link MalformedTextException}.
     * After an error or a cancel, what had been written stays.
     *
     * @param path the file
     * @param text the content
     * @param options the charset, and what becomes of a file that is there
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, CharSequence text, WriteOptions options) {
        return ENGINE.write(new FileOperation("write", path), text, options);
    }

    /**
     * Writes buffers, as {@link #write(Path, Publisher, WriteOptions)} does, to a new or emptied file.
     *
     * @param path the file
     * @param buffers the content; each buffer is released
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, Publisher<? extends ByteBuf> buffers) {
        return write(path, buffers, WriteOptions.overwrite());
    }

    /**
     * Writes the buffers of a source and emits the number of bytes written, when the source has completed and all is
     * written. Buffers that are waiting go into one gathering write, small ones after they were copied together.
     *
     * <p>The file is opened first, and the source subscribed to after that, on the worker: where the file cannot be opened, the
     * source is never asked. It is asked for 64 buffers, and then for as many as have been written or copied. Each buffer it emits is
     * owned by the write, and released whatever happens.
     *
     * <p>When the source fails, its error is passed on as it is, after what it had emitted before was written. After an error
     * or a cancel, what had been written stays.
     *
     * @param path the file
     * @param buffers the content; each buffer is released
     * @param options what becomes of a file that is there, and when it is forced to the device
     * @return the number of bytes written
     */
    public static Mono<Long> write(Path path, Publisher<? extends ByteBuf> buffers, WriteOptions options) {
        return ENGINE.write(new FileOperation("write", path), buffers, options);
    }

    /**
     * Writes lines in UTF-8, as {@link #writeLines(Path, Publisher, WriteOptions)} does, to a new or emptied file.
     *
     * @param path the file
     * @param lines the lines
     * @return the number of bytes written
     */
    public static Mono<Long> writeLines(Path path, Publisher<? extends CharSequence> lines) {
        return writeLines(path, lines, WriteOptions.overwrite());
    }

    /**
     * Writes each line with a line feed after it, and emits the number of bytes written. Lines that are waiting are written
     * together, and none waits for more to come: a log can be read while it grows.
     *
     * <p>Otherwise as {@link #write(Path, Publisher, WriteOptions)}, with 1024 lines asked for at first. A line the charset
     * cannot express is a {@link MalformedTextException}; the lines before it are written. A line that was emitted and could
     * not be written goes to the discard hook.
     *
     * @param path the file
     * @param lines the lines
     * @param options the charset, and what becomes of a file that is there
     * @return the number of bytes written
     */
    public static Mono<Long> writeLines(Path path, Publisher<? extends CharSequence> lines, WriteOptions options) {
        return ENGINE.writeLines(new FileOperation("writeLines", path), lines, options);
    }

    /**
     * Adds an array to the end of a file, as {@link #write(Path, byte[], WriteOptions)} does with
     * {@link WriteOptions#append()}. For many small records, each safe on the device, see {@link AppendLog}.
     *
     * @param path the file, created if missing
     * @param bytes what to add, which must not change until it is written
     * @return the number of bytes written
     */
    public static Mono<Long> append(Path path, byte[] bytes) {
        return ENGINE.write(new FileOperation("append", path), bytes, WriteOptions.append());
    }

    /**
     * Adds text in UTF-8 to the end of a file, as {@link #write(Path, CharSequence, WriteOptions)} does with
     * {@link WriteOptions#append()}.
     *
     * @param path the file, created if missing
     * @param text what to add
     * @return the number of bytes written
     */
    public static Mono<Long> append(Path path, CharSequence text) {
        return ENGINE.write(new FileOperation("append", path), text, WriteOptions.append());
    }

    /**
     * Adds buffers to the end of a file, as {@link #write(Path, Publisher, WriteOptions)} does with
     * {@link WriteOptions#append()}.
     *
     * @param path the file, created if missing
     * @param buffers what to add; each buffer is released
     * @return the number of bytes written
     */
    public static Mono<Long> append(Path path, Publisher<? extends ByteBuf> buffers) {
        return ENGINE.write(new FileOperation("append", path), buffers, WriteOptions.append());
    }

    /**
     * Replaces a file by an array, as {@link #writeAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param bytes the content, which must not change until it is written
     * @return the number of bytes written
     */
    public static Mono<Long> writeAtomically(Path path, byte[] bytes) {
        return writeAtomically(path, bytes, WriteOptions.overwrite());
    }

    /**
     * Replaces a file by an array, as {@link #writeAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param bytes the content, which must not change until it is written
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     * @throws IllegalArgumentException if the options are for another mode
     */
    public static Mono<Long> writeAtomically(Path path, byte[] bytes, WriteOptions options) {
        return ENGINE.write(new FileOperation("writeAtomically", path), bytes, options.atomically());
    }

    /**
     * Replaces a file by text in UTF-8, as {@link #writeAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param text the content
     * @return the number of bytes written
     */
    public static Mono<Long> writeAtomically(Path path, CharSequence text) {
        return writeAtomically(path, text, WriteOptions.overwrite());
    }

    /**
     * Replaces a file by text, as {@link #writeAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param text the content
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     * @throws IllegalArgumentException if the options are for another mode
     */
    public static Mono<Long> writeAtomically(Path path, CharSequence text, WriteOptions options) {
        return ENGINE.write(new FileOperation("writeAtomically", path), text, options.atomically());
    }

    /**
     * Replaces a file by buffers, as {@link #writeAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param buffers the content; each buffer is released
     * @return the number of bytes written
     */
    public static Mono<Long> writeAtomically(Path path, Publisher<? extends ByteBuf> buffers) {
        return writeAtomically(path, buffers, WriteOptions.overwrite());
    }

    /**
     * Writes like {@link #write(Path, Publisher, WriteOptions)}, but the file has its old content or the new, whole, at every
     * moment, also after a crash: the content goes to a temporary file in the same folder, which is forced to the device
     * and renamed over the target. Then the folder is forced to the device, where the system lets one open it.
     *
     * <p>After an error, the source's included, or a cancel, the target is as it was and the temporary file is gone. Two
     * exceptions: when only the last step fails, the forcing of the folder, the new content is in place and may not outlast
     * a crash; and a process that is killed leaves its temporary file, whose name is {@code .weir-*.tmp}. A cancel that
     * comes when the rename has begun comes too late.
     *
     * <p>A file that is replaced passes its permissions on, its owner and group too where this process may give files away;
     * other hard links to it keep the old content. A symbolic link is followed: the link stays, and the file it points to is
     * replaced. What is there and not a regular file, such as a device, is refused with {@link FileIoException}.
     *
     * @param path the file
     * @param buffers the content; each buffer is released
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     * @throws IllegalArgumentException if the options are for another mode
     */
    public static Mono<Long> writeAtomically(Path path, Publisher<? extends ByteBuf> buffers, WriteOptions options) {
        return ENGINE.write(new FileOperation("writeAtomically", path), buffers, options.atomically());
    }

    /**
     * Replaces a file by lines in UTF-8, as {@link #writeLinesAtomically(Path, Publisher, WriteOptions)} does.
     *
     * @param path the file
     * @param lines the lines
     * @return the number of bytes written
     */
    public static Mono<Long> writeLinesAtomically(Path path, Publisher<? extends CharSequence> lines) {
        return writeLinesAtomically(path, lines, WriteOptions.overwrite());
    }

    /**
     * Replaces a file as {@link #writeAtomically(Path, Publisher, WriteOptions)} does, by lines written as
     * {@link #writeLines(Path, Publisher, WriteOptions)} writes them.
     *
     * @param path the file
     * @param lines the lines
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     * @throws IllegalArgumentException if the options are for another mode
     */
    public static Mono<Long> writeLinesAtomically(
            Path path, Publisher<? extends CharSequence> lines, WriteOptions options) {
        return ENGINE.writeLines(new FileOperation("writeLinesAtomically", path), lines, options.atomically());
    }

    // ---- files as they are, without their content ----

    /**
     * Copies a file to where nothing is, as {@link #copy(Path, Path, CopyOptions)} does.
     *
     * @param source a regular file, or a link to one
     * @param target what the copy is to be
     * @return the number of bytes copied
     */
    public static Mono<Long> copy(Path source, Path target) {
        return copy(source, target, CopyOptions.defaults());
    }

    /**
     * Copies a file and emits the number of bytes. The copy grows under a temporary name beside the target and gets its own
     * when complete, so after an error or a cancel all is as it was; it is not forced to the device. Holes stay holes. A source that
     * is the target is left alone. In a task, the bytes done are {@linkplain io.weir.core.task.Task#report reported}.
     *
     * @param source a regular file, or a link to one
     * @param target what the copy is to be
     * @param options what becomes of a file that is there, and the attributes
     * @return the number of bytes copied
     */
    public static Mono<Long> copy(Path source, Path target, CopyOptions options) {
        return Stepped.inSteps(
                new FileOperation("copy", source, target),
                progress -> new FileCopy(source, target, options, FileCopy.Links.FOLLOW, progress));
    }

    /**
     * Moves a file, link or folder to where nothing is. It is renamed, so it is whole at one place or the other; a file has both
     * names for a moment. On another file system it is copied with its attributes, forced to the device and then deleted here; a
     * cancel or an error before that leaves all as it was, one that comes later may leave both.
     *
     * @param source what to move; of a link the link itself
     * @param target what it is to be
     * @return completes when it is there
     */
    public static Mono<Void> move(Path source, Path target) {
        return FileMove.create(new FileOperation("move", source, target), target, false);
    }

    /**
     * Moves like {@link #move}, over a file or link that is there; a folder, over an empty folder.
     *
     * @param source what to move; of a link the link itself
     * @param target what it is to be
     * @return completes when it is there
     */
    public static Mono<Void> moveReplacing(Path source, Path target) {
        return FileMove.create(new FileOperation("moveReplacing", source, target), target, true);
    }

    /**
     * Deletes a file, a link, or an empty folder. For more see {@link FileTree#delete}.
     *
     * @param path what to delete
     * @return completes when it is gone
     */
    public static Mono<Void> delete(Path path) {
        return Stepped.once(new FileOperation("delete", path), () -> {
            Files.delete(path);
            return null;
        });
    }

    /**
     * Emits whether there is something with this name; not being allowed to know is an error.
     *
     * @param path the path; a link to nothing is none
     * @return true or false
     */
    public static Mono<Boolean> exists(Path path) {
        return Stepped.once(new FileOperation("exists", path), () -> {
            try {
                Files.readAttributes(path, BasicFileAttributes.class);
                return true;
            } catch (NoSuchFileException e) {
                return false;
            }
        });
    }

    /**
     * Emits what the file system tells of a file: its kind, size and times.
     *
     * @param path the path
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a link's own
     * @return the attributes; a {@link java.nio.file.attribute.PosixFileAttributes} where the file system has those
     */
    public static Mono<BasicFileAttributes> stat(Path path, LinkOption... options) {
        LinkOption[] copied = options.clone();
        return Stepped.once(new FileOperation("stat", path), () -> Placement.attributes(path, copied));
    }

    /**
     * Creates a folder, and those on the way to it. What is there stays.
     *
     * @param path the folder
     * @return completes when it is there
     */
    public static Mono<Void> createFolders(Path path) {
        return Stepped.once(new FileOperation("createFolders", path), () -> {
            if (!Files.isDirectory(path)) {
                Target.createFolders(path);
            }
            return null;
        });
    }

    /**
     * Creates a second name for a file.
     *
     * @param link the new name
     * @param existing the file
     * @return completes when it is there
     */
    public static Mono<Void> createLink(Path link, Path existing) {
        return Stepped.once(new FileOperation("createLink", link, existing), () -> {
            Files.createLink(link, existing);
            return null;
        });
    }

    /**
     * Creates a symbolic link.
     *
     * @param link the link
     * @param destination what it says; relative to its folder, and nothing need be there
     * @return completes when it is there
     */
    public static Mono<Void> createSymbolicLink(Path link, Path destination) {
        return Stepped.once(new FileOperation("createSymbolicLink", link, destination), () -> {
            Files.createSymbolicLink(link, destination);
            return null;
        });
    }

    /**
     * Emits what a symbolic link says.
     *
     * @param link the link
     * @return its destination, as it was given
     */
    public static Mono<Path> readLink(Path link) {
        return Stepped.once(new FileOperation("readLink", link), () -> Files.readSymbolicLink(link));
    }
}
