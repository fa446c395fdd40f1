package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.weir.core.offload.Offload;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/**
 * Follows a file that grows, as {@code tail -F} does. What the description of {@link AsyncFiles} says holds here too.
 *
 * <pre>{@code
 * Flux<String> errors = FileTail.lines(log, TailOptions.fromEnd()).filter(line -> line.contains("ERROR"));
 * }</pre>
 *
 * <p>The file is opened on subscribe, which is where {@link TailOptions#fromEnd()} begins. While there is demand and nothing
 * more to read, it is looked at again after each {@linkplain TailOptions#withInterval interval}, timed by
 * {@code Schedulers.parallel()}; no worker is held between two looks. Without demand it is left alone. A cancel closes the file.
 *
 * <ul>
 *   <li>A file that has become shorter than what was read is read from its beginning. One that was emptied and has grown past
 *       that between two looks cannot be told from one that grew.
 *   <li>When another file has the name, the old one is read to its end and then the new one from its beginning. What is
 *       written to the old one later is not seen, nor a file that had the name between two looks. Once a file was open, a name that
 *       stands for none is waited for.
 *   <li>What is no regular file is refused with {@link FileIoException}. One whose size the system does not tell, as under
 *       {@code /proc}, seems never to grow.
 * </ul>
 *
 * <p>Fails with {@link PathNotFoundException} if the file is missing at first and is not {@linkplain TailOptions#withWaiting to be
 * waited for}.
 */
public final class FileTail {
    private FileTail() {}

    /**
     * Emits the lines of a file, without their endings, as they are completed. Never completes. A last line that has no ending
     * yet is held until it has one, or until its file is emptied or replaced: then it is emitted as it is.
     *
     * <p>Fails with {@link LineTooLongException} and {@link MalformedTextException} as {@link AsyncFiles#lines(Path, ReadOptions)}. A
     * charset whose byte order a mark tells is only for {@link TailOptions#fromBeginning()}.
     *
     * @param path the file
     * @param options where to begin, how often to look, the charset
     * @return the lines
     */
    public static Flux<String> lines(Path path, TailOptions options) {
        FileOperation operation = new FileOperation("tail", path);
        return CursorFlux.polling(
                operation, () -> TailLines.open(operation, options), options.interval(), Offload::blockingScheduler);
    }

    /**
     * Emits what a file grows by, in pooled direct buffers, none of them empty. Never completes. Whoever receives a buffer owns
     * it and releases it. Nothing tells where one file ends and the next begins.
     *
     * @param path the file
     * @param options where to begin, how often to look, the chunk size
     * @return the buffers
     */
    public static Flux<ByteBuf> bytes(Path path, TailOptions options) {
        return CursorFlux.polling(
                new FileOperation("tail", path),
                () -> new TailChunks(
                        TailedFile.open(path, options), options.reading().chunkSize()),
                options.interval(),
                Offload::blockingScheduler);
    }
}
