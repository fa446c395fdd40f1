package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;

/** A folder held by its descriptor, as {@code openat} and its kin take it: no link swapped in meanwhile leads elsewhere. */
final class OpenFolder extends Folder {
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
    private static final LinkOption[] FOLLOW = {};

    private final SecureDirectoryStream<Path> stream;

    OpenFolder(SecureDirectoryStream<Path> stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    BasicFileAttributes attributes() throws IOException {
        return stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
    }

    @Override
    BasicFileAttributes attributes(Path name, boolean followingLinks) throws IOException {
        LinkOption[] options = followingLinks ? FOLLOW : NO_FOLLOW;
        PosixFileAttributeView posix = stream.getFileAttributeView(name, PosixFileAttributeView.class, options);
        return posix != null
                ? posix.readAttributes()
                : stream.getFileAttributeView(name, BasicFileAttributeView.class, options)
                        .readAttributes();
    }

    @Override
    OpenFolder open(Path name, boolean followingLinks) throws IOException {
        return new OpenFolder(stream.newDirectoryStream(name, followingLinks ? FOLLOW : NO_FOLLOW));
    }

    @Override
    OpenFolder openParent(Path path) throws IOException {
        return new OpenFolder(stream.newDirectoryStream(path.getFileSystem().getPath(".."), NO_FOLLOW));
    }

    @Override
    void delete(Path name, boolean folder) throws IOException {
        if (folder) {
            stream.deleteDirectory(name);
        } else {
            stream.deleteFile(name);
        }
    }

    void move(Path name, OpenFolder to, Path newName) throws IOException {
        stream.move(name, to.stream, newName);
    }

    /** Opens a file, and never what a link points to. */
    FileChannel channel(Path name, Set<OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        if (stream.newByteChannel(name, options, attributes) instanceof FileChannel channel) {
            return channel;
        }
        throw new FileSystemException(name.toString(), null, "this file system has no file channels");
    }

    PosixFileAttributeView posixView(Path name) {
        return stream.getFileAttributeView(name, PosixFileAttributeView.class, NO_FOLLOW);
    }
}
