package io.weir.files;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder held by its path, where the platform knows no other way: a link swapped in meanwhile is followed. */
final class NamedFolder extends Folder {
    private final Path path;

    NamedFolder(DirectoryStream<Path> stream, Path path) {
        super(stream);
        this.path = path;
    }

    @Override
    BasicFileAttributes attributes() throws IOException {
        return Placement.attributes(path);
    }

    @Override
    BasicFileAttributes attributes(Path name, boolean followingLinks) throws IOException {
        return followingLinks
                ? Placement.attributes(path.resolve(name))
                : Placement.attributes(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    Folder open(Path name, boolean followingLinks) throws IOException {
        Path child = path.resolve(name);
        if (!followingLinks && !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(child.toString(), null, "not a folder");
        }
        return Folder.open(child);
    }

    @Override
    Folder openParent(Path parent) throws IOException {
        return Folder.open(parent);
    }

    @Override
    void delete(Path name, boolean folder) throws IOException {
        Files.delete(path.resolve(name));
    }
}
