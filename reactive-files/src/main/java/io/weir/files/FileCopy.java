package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file's content, copied to a temporary file beside the target, which then gets its name. The system copies what it
 * can, without the bytes coming here. Holes stay holes: no call tells of them, so a segment that begins with zeros is read and,
 * if there is nothing else in it, left out.
 */
final class FileCopy extends Steps<Long> {
    /** What one step copies: some 300 µs of work. */
    private static final int SEGMENT = 1 << 20;

    private static final int BUFFER = 256 << 10;
    private static final int PROBE = 4 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BUFFER).asReadOnlyBuffer();

    /** What is done about a source that is a symbolic link. */
    enum Links {
        FOLLOW,
        REFUSE;

        LinkOption[] options() {
            return this == FOLLOW ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
        }
    }

    private enum Phase {
        NEW,
        COPYING,
        COPIED,
        PLACED
    }

    private final Path source;
    private final Path target;
    private final CopyOptions options;
    private final Links links;
    private final Stepped.Progress progress;

    private Phase phase = Phase.NEW;
    private @Nullable BasicFileAttributes attributes;
    private @Nullable FileChannel in;
    private @Nullable FileChannel out;
    private @Nullable Path temporary;
    private @Nullable ByteBuf buffer;
    private long size;
    private long position;

    FileCopy(Path source, Path target, CopyOptions options, Links links, Stepped.Progress progress) {
        this.links = links;
        this.source = source;
        this.target = target;
        this.options = options;
        this.progress = progress;
    }

    @Override
    boolean step() throws IOException {
        switch (phase) {
            case NEW -> begin();
            case COPYING -> copySegment(Objects.requireNonNull(in), Objects.requireNonNull(out));
            case COPIED -> complete(Objects.requireNonNull(out), Objects.requireNonNull(temporary));
            case PLACED -> throw new IllegalStateException("a step after the last");
        }
        return phase != Phase.PLACED;
    }

    @Override
    Long result() {
        return position;
    }

    private void begin() throws IOException {
        BasicFileAttributes from = Placement.attributes(source, links.options());
        attributes = from;
        requireFile(source, from);
        BasicFileAttributes there = Placement.attributesIfAny(target);
        if (there != null && Placement.isSame(from, there)) {
            phase = Phase.PLACED; // nothing to do, as Files.copy has it
            return;
        }
        requirePlace(target, there, options);
        Path beside = Placement.temporaryBeside(target);
        in = FileChannel.open(
                source,
                links == Links.FOLLOW
                        ? Set.of(StandardOpenOption.READ)
                        : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        out = FileChannel.open(
                beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions(from));
        temporary = beside;
        size = in.size();
        phase = Phase.COPYING;
    }

    /** Opening a pipe would wait for its other end, and a device may have no end. */
    static void requireFile(Path source, BasicFileAttributes attributes) throws IOException {
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(
                    source.toString(), null, attributes.isDirectory() ? "is a directory" : "not a regular file");
        }
    }

    static void requirePlace(Path target, @Nullable BasicFileAttributes there, CopyOptions options) throws IOException {
        if (there == null) {
            return;
        }
        if (!options.isReplacing()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (there.isDirectory()) {
            throw new FileSystemException(target.toString(), null, "a file does not replace a folder");
        }
    }

    private FileAttribute<?>[] permissions(BasicFileAttributes from) {
        if (!(from instanceof PosixFileAttributes posix)) {
            return new FileAttribute<?>[0];
        }
        // What will be given to another owner must not be readable by others before it is.
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(
                    options.attributes() ? PosixFilePermissions.fromString("rw-------") : posix.permissions())
        };
    }

    private void copySegment(FileChannel from, FileChannel to) throws IOException {
        long copied = position < size ? copyKnown(from, to) : copyThrough(from, to, BUFFER);
        if (copied <= 0) {
            endWithHole(to);
            phase = Phase.COPIED;
            return;
        }
        position += copied;
        progress.report(position, Math.max(size, position));
    }

    private long copyKnown(FileChannel from, FileChannel to) throws IOException {
        int length = (int) Math.min(SEGMENT, size - position);
        if (length <= PROBE || beginsWithZeros(from)) {
            return copyThrough(from, to, Math.min(length, BUFFER));
        }
        to.position(position);
        long copied = from.transferTo(position, length, to);
        return copied > 0 ? copied : copyThrough(from, to, Math.min(length, BUFFER));
    }

    private boolean beginsWithZeros(FileChannel from) throws IOException {
        ByteBuffer probe = space(PROBE);
        return from.read(probe, position) > 0 && isZero(probe.flip());
    }

    /** The size is a hint: files under /proc have none, and others grow or shrink while they are read. */
    private long copyThrough(FileChannel from, FileChannel to, int length) throws IOException {
        ByteBuffer bytes = space(length);
        int read = from.read(bytes, position);
        if (read > 0 && !isZero(bytes.flip())) {
            for (long at = position; bytes.hasRemaining(); ) {
                at += to.write(bytes, at);
            }
        }
        return read;
    }

    private static boolean isZero(ByteBuffer bytes) {
        return ZEROS.duplicate().limit(bytes.remaining()).mismatch(bytes) < 0;
    }

    private ByteBuffer space(int length) {
        ByteBuf pooled = buffer;
        if (pooled == null) {
            pooled = ByteBufAllocator.DEFAULT.directBuffer(BUFFER, BUFFER);
            buffer = pooled;
        }
        return pooled.internalNioBuffer(0, length).slice();
    }

    /** A file that ends with a hole needs a last byte. */
    private void endWithHole(FileChannel to) throws IOException {
        if (to.size() < position) {
            to.write(ByteBuffer.allocate(1), position - 1);
        }
    }

    private void complete(FileChannel written, Path from) throws IOException {
        BasicFileAttributes old = Objects.requireNonNull(attributes);
        if (options.attributes()) {
            Placement.takeOver(old, from);
        }
        if (options.isForMove()) {
            written.force(true);
            requireUnchanged(old);
        }
        written.close();
        if (options.isReplacing()) {
            Placement.replace(from, target);
        } else {
            Placement.renameIfAbsent(from, target, false);
        }
        phase = Phase.PLACED;
        if (options.isForMove()) {
            Placement.forceFolder(Objects.requireNonNull(from.getParent()));
        }
    }

    /** The source is about to be deleted: what somebody wrote to it meanwhile would be lost. */
    private void requireUnchanged(BasicFileAttributes old) throws IOException {
        BasicFileAttributes now = Placement.attributes(source, links.options());
        if (!Objects.equals(now.fileKey(), old.fileKey())
                || now.size() != old.size()
                || !now.lastModifiedTime().equals(old.lastModifiedTime())) {
            throw new FileSystemException(source.toString(), null, "it changed while it was moved");
        }
    }

    @Override
    public void close() throws IOException {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
        FileChannel read = in;
        FileChannel written = out;
        in = null;
        out = null;
        try (read;
                written) {
            // Closes both, whatever the first says.
        } finally {
            if (phase != Phase.PLACED && temporary != null) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
