package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As {@link PlainTarget} and {@link AtomicTarget}, below a {@link FileRoot}: by name in an open folder, and through no link. */
final class RootedTarget implements Target {
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    private final Place place;
    private final Path name;
    private final @Nullable Path temporary;
    private final @Nullable PosixFileAttributes replaced;
    private final FileChannel channel;
    private final SyncPolicy sync;

    private RootedTarget(
            Place place,
            Path name,
            @Nullable Path temporary,
            @Nullable PosixFileAttributes replaced,
            FileChannel channel,
            SyncPolicy sync) {
        this.place = place;
        this.name = name;
        this.temporary = temporary;
        this.replaced = replaced;
        this.channel = channel;
        this.sync = sync;
    }

    static RootedTarget open(RootedPath path, WriteOptions options) throws IOException {
        Place place = options.parents() ? path.openWithParents() : path.open();
        try {
            return open(path, place, options);
        } catch (IOException | RuntimeException | Error e) {
            place.close();
            throw e;
        }
    }

    private static RootedTarget open(RootedPath path, Place place, WriteOptions options) throws IOException {
        Path name = path.name(place);
        OpenFolder folder = RootedPath.folder(place);
        BasicFileAttributes there = thereIs(path, place);
        if (options.mode() != WriteOptions.Mode.REPLACE_ATOMICALLY) {
            Set<OpenOption> how = new HashSet<>(List.of(PlainTarget.openOptions(options.mode())));
            how.add(LinkOption.NOFOLLOW_LINKS);
            return new RootedTarget(place, name, null, null, folder.channel(name, how), options.sync());
        }
        Path temporary = name.getFileSystem().getPath(Placement.temporaryName());
        PosixFileAttributes replaced = there instanceof PosixFileAttributes posix ? posix : null;
        // What replaces a private file must not be readable while it grows either.
        FileAttribute<?>[] attributes = replaced == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                };
        return new RootedTarget(
                place, name, temporary, replaced, folder.channel(temporary, CREATE, attributes), options.sync());
    }

    private static @Nullable BasicFileAttributes thereIs(RootedPath path, Place place) throws IOException {
        try {
            path.requireFile(place);
            return place.attributes(false);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long unforcedAtMost() {
        return sync.interval();
    }

    @Override
    public void complete() throws IOException {
        if (temporary != null && replaced != null) {
            Target.takeOver(replaced, RootedPath.folder(place).posixView(temporary));
        }
        if (temporary != null || sync.end()) {
            channel.force(true);
        }
        channel.close();
    }

    @Override
    public void publish() throws IOException {
        if (temporary != null) {
            OpenFolder folder = RootedPath.folder(place);
            folder.move(temporary, folder, name);
            forceEntries(folder);
        } else if (sync.end()) {
            // The file may be new: without its entry in the folder, its content is lost.
            forceEntries(RootedPath.folder(place));
        }
        place.close();
    }

    private void forceEntries(OpenFolder folder) throws IOException {
        try (FileChannel entries = folder.channel(name.getFileSystem().getPath("."), Set.of(StandardOpenOption.READ))) {
            entries.force(true);
        }
    }

    @Override
    public void abort() throws IOException {
        try (place;
                channel) {
            if (temporary != null) {
                removeTemporary(temporary);
            }
        }
    }

    private void removeTemporary(Path left) throws IOException {
        try {
            RootedPath.folder(place).delete(left, false);
        } catch (NoSuchFileException e) {
            // it was published
        }
    }
}
