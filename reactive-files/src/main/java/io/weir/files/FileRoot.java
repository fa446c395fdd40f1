package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.weir.core.offload.Offload;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A folder that paths from elsewhere, a request for example, do not lead out of.
 *
 * <pre>{@code
 * FileRoot uploads = FileRoot.of(folder);
 *
 * Mono<String> text = uploads.readString(Path.of(nameFromARequest))
 *         .onErrorResume(FileAccessException.class, e -> Mono.just("forbidden"));
 * }</pre>
 *
 * <p>Paths are relative to the root. One that is absolute or has a {@code ..} in it, wherever that would lead, fails with
 * {@link FileAccessException}; so does one with a symbolic link in it below the root. The root's own path may have links. This holds
 * while somebody moves folders and makes links below the root: each folder is opened by its name in the one before, and never by
 * a path that was looked at before. What it does not stop: a second hard link to a file outside, and what is mounted below.
 *
 * <p>Where the platform has no such calls ({@link java.nio.file.SecureDirectoryStream}), as Windows, everything here fails with
 * {@link FileIoException}.
 *
 * <p>The methods do what those of {@link AsyncFiles} and {@link FileTree} with the same names do, but for regular files only: opening a
 * pipe may wait, and is refused. The path of an error, and of an entry, begins with that of the root.
 */
public final class FileRoot {
    private static final int BUFFERS_AHEAD = 64;

    private final Path folder;

    private FileRoot(Path folder) {
        this.folder = folder;
    }

    /**
     * The view. It is not looked at before it is used.
     *
     * @param folder the root
     * @return all that is below it, and nothing else
     */
    public static FileRoot of(Path folder) {
        return new FileRoot(folder);
    }

    private RootedPath at(String operation, Path path) {
        return new RootedPath(new FileOperation(operation, folder.resolve(path)), folder, path);
    }

    private static <T> Flux<T> cursor(RootedPath path, Reader<T> reader) {
        return CursorFlux.create(path.operation(), () -> open(path, reader), Offload::blockingScheduler);
    }

    /** Reads an open file, which it owns unless it throws. */
    private interface Reader<T> {
        Cursor<T> read(FileChannel channel) throws IOException;
    }

    private static <T> Cursor<T> open(RootedPath path, Reader<T> reader) throws IOException {
        FileChannel channel = path.openFile();
        try {
            return reader.read(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * As {@link AsyncFiles#read(Path, ReadOptions)}.
     *
     * @param path the file, from the root on
     * @param options the chunk size
     * @return the buffers, each to be released by whoever receives it
     */
    public Flux<ByteBuf> read(Path path, ReadOptions options) {
        return cursor(at("read", path), channel -> new ChunkCursor(channel, options.chunkSize()));
    }

    /**
     * As {@link AsyncFiles#readAllBytes(Path, ReadOptions)}.
     *
     * @param path the file, from the root on
     * @param options the largest size
     * @return the content
     */
    public Mono<byte[]> readAllBytes(Path path, ReadOptions options) {
        return readAllBytes(at("readAllBytes", path), options);
    }

    private static Mono<byte[]> readAllBytes(RootedPath path, ReadOptions options) {
        return cursor(path, channel -> new WholeFileCursor(path.operation(), channel, options, channel.size()))
                .singleOrEmpty();
    }

    /**
     * As {@link AsyncFiles#readString(Path)}.
     *
     * @param path the file, from the root on
     * @return the text
     */
    public Mono<String> readString(Path path) {
        return readString(path, ReadOptions.defaults());
    }

    /**
     * As {@link AsyncFiles#readString(Path, ReadOptions)}.
     *
     * @param path the file, from the root on
     * @param options the charset and the largest size
     * @return the text
     */
    public Mono<String> readString(Path path, ReadOptions options) {
        RootedPath at = at("readString", path);
        return readAllBytes(at, options).map(bytes -> new TextDecoder(at.operation(), options).decodeFile(bytes));
    }

    /**
     * As {@link AsyncFiles#lines(Path, ReadOptions)}.
     *
     * @param path the file, from the root on
     * @param options the charset, the longest line
     * @return the lines
     */
    public Flux<String> lines(Path path, ReadOptions options) {
        RootedPath at = at("lines", path);
        return cursor(
                at,
                channel -> new LineCursor(channel, LineSplitter.of(at.operation(), options, options.chunkSize(), 0)));
    }

    /**
     * As {@link AsyncFiles#write(Path, CharSequence, WriteOptions)}.
     *
     * @param path the file, from the root on
     * @param text the content
     * @param options the charset, and what becomes of a file that is there
     * @return the number of bytes written
     */
    public Mono<Long> write(Path path, CharSequence text, WriteOptions options) {
        return write(at("write", path), text, options);
    }

    /**
     * As {@link AsyncFiles#write(Path, Publisher, WriteOptions)}.
     *
     * @param path the file, from the root on
     * @param buffers the content; each buffer is released
     * @param options what becomes of a file that is there
     * @return the number of bytes written
     */
    public Mono<Long> write(Path path, Publisher<? extends ByteBuf> buffers, WriteOptions options) {
        return write(at("write", path), buffers, options);
    }

    /**
     * As {@link AsyncFiles#writeAtomically(Path, CharSequence, WriteOptions)}, but a link is refused.
     *
     * @param path the file, from the root on
     * @param text the content
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     */
    public Mono<Long> writeAtomically(Path path, CharSequence text, WriteOptions options) {
        return write(at("writeAtomically", path), text, options.atomically());
    }

    /**
     * As {@link AsyncFiles#writeAtomically(Path, Publisher, WriteOptions)}, but a link is refused.
     *
     * @param path the file, from the root on
     * @param buffers the content; each buffer is released
     * @param options made from {@link WriteOptions#overwrite()}
     * @return the number of bytes written
     */
    public Mono<Long> writeAtomically(Path path, Publisher<? extends ByteBuf> buffers, WriteOptions options) {
        return write(at("writeAtomically", path), buffers, options.atomically());
    }

    private static Mono<Long> write(RootedPath path, CharSequence text, WriteOptions options) {
        return WriteMono.<CharSequence>create(
                path.operation(),
                Mono.just(text),
                1,
                () -> new TextBatch(path.operation(), options.charset(), ""),
                () -> RootedTarget.open(path, options),
                Offload::blockingScheduler);
    }

    private static Mono<Long> write(RootedPath path, Publisher<? extends ByteBuf> buffers, WriteOptions options) {
        return WriteMono.create(
                path.operation(),
                buffers,
                BUFFERS_AHEAD,
                BufferBatch::new,
                () -> RootedTarget.open(path, options),
                Offload::blockingScheduler);
    }

    /**
     * As {@link AsyncFiles#stat}, of a link its own.
     *
     * @param path the path, from the root on
     * @return the attributes
     */
    public Mono<BasicFileAttributes> stat(Path path) {
        RootedPath at = at("stat", path);
        return Stepped.once(at.operation(), () -> {
            try (Place place = at.open()) {
                return place.attributes(false);
            }
        });
    }

    /**
     * As {@link FileTree#walk(Path, WalkOptions)}. Links are entries.
     *
     * @param path where to begin, from the root on; the empty path is the root itself
     * @param options how deep, in what order, which of the entries
     * @return the entries
     * @throws IllegalArgumentException if the options say that links are followed
     */
    public Flux<WalkEntry> walk(Path path, WalkOptions options) {
        if (options.isFollowingLinks()) {
            throw new IllegalArgumentException("below a root, links are not followed");
        }
        RootedPath at = at("walk", path);
        return FileTree.walk(at.operation(), options, at::open);
    }

    /**
     * As {@link AsyncFiles#createFolders}. Each new one is made in the root first, under a name {@code .weir-*.tmp}, and then moved.
     *
     * @param path the folder, from the root on
     * @return completes when it is there
     */
    public Mono<Void> createFolders(Path path) {
        RootedPath at = at("createFolders", path);
        return Stepped.once(at.operation(), () -> {
            at.createFolders();
            return null;
        });
    }

    /**
     * As {@link AsyncFiles#delete}.
     *
     * @param path the file, link or empty folder, from the root on
     * @return completes when it is gone
     */
    public Mono<Void> delete(Path path) {
        RootedPath at = at("delete", path);
        return Stepped.once(at.operation(), () -> {
            try (Place place = at.open()) {
                place.folder().delete(at.name(place), place.attributes(false).isDirectory());
                return null;
            }
        });
    }

    /**
     * As {@link FileTree#delete}.
     *
     * @param path what to delete, from the root on; not the root itself
     * @return how many entries were deleted
     */
    public Mono<Long> deleteTree(Path path) {
        RootedPath at = at("deleteTree", path);
        return Stepped.inSteps(at.operation(), progress -> new TreeDeletion(at.operation(), at::open, progress));
    }

    @Override
    public String toString() {
        return "FileRoot[" + folder + "]";
    }
}
