package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * A path below a {@link FileRoot}, gone along name by name: each folder is opened through the one before it, and no link
 * is followed. Nothing is looked at first and opened later, so there is no moment for a link to be swapped in.
 */
record RootedPath(FileOperation operation, Path root, Path relative) {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    /** What is done with an open folder, which is closed by who does it. */
    private interface Missing {
        OpenFolder make(OpenFolder in, Path name) throws IOException;
    }

    Path path() {
        return operation.path();
    }

    /** The folder the last name is in, and that name; for the root itself the root, and no name. */
    Place open() throws IOException {
        return open((in, name) -> {
            throw new NoSuchFileException(path().toString());
        });
    }

    private Place open(Missing missing) throws IOException {
        requireInside();
        OpenFolder at = openRoot();
        if (relative.toString().isEmpty()) {
            return new Place(at, null, path());
        }
        try {
            for (int i = 0; i < relative.getNameCount() - 1; i++) {
                OpenFolder next = enter(at, relative.getName(i), missing);
                at.close();
                at = next;
            }
        } catch (IOException | RuntimeException | Error e) {
            at.close();
            throw e;
        }
        return new Place(at, relative.getFileName(), path());
    }

    private void requireInside() {
        if (relative.isAbsolute() || relative.getRoot() != null) {
            throw new FileAccessException(operation, "an absolute path leaves the root");
        }
        for (Path name : relative) {
            if (name.toString().equals("..")) {
                throw new FileAccessException(operation, "\"..\" may leave the root");
            }
        }
    }

    private OpenFolder openRoot() throws IOException {
        Folder opened = Folder.open(root);
        if (opened instanceof OpenFolder folder) {
            return folder;
        }
        opened.close();
        throw new FileSystemException(root.toString(), null, "this file system has no way to keep to a root");
    }

    private OpenFolder enter(OpenFolder in, Path name, Missing missing) throws IOException {
        try {
            BasicFileAttributes attributes = in.attributes(name, false);
            requireNoLink(attributes);
            if (!attributes.isDirectory()) { // opening a pipe would wait for its other end
                throw new NotDirectoryException(name.toString());
            }
            return in.open(name, false);
        } catch (NoSuchFileException e) {
            return missing.make(in, name);
        }
    }

    private void requireNoLink(BasicFileAttributes attributes) {
        if (attributes.isSymbolicLink()) {
            throw new FileAccessException(operation, "a symbolic link is not followed below a root");
        }
    }

    FileChannel openFile() throws IOException {
        try (Place place = open()) {
            requireFile(place);
            return folder(place).channel(name(place), READ);
        }
    }

    /** Devices and pipes are no files either: opening one may wait. */
    void requireFile(Place place) throws IOException {
        BasicFileAttributes attributes = place.attributes(false);
        requireNoLink(attributes);
        FileCopy.requireFile(path(), attributes);
    }

    void createFolders() throws IOException {
        Path inside = relative.resolve("."); // so that all of it is on the way
        new RootedPath(operation, root, inside).open(this::createFolder).close();
    }

    /** The place, with the folders on the way to it created. */
    Place openWithParents() throws IOException {
        return open(this::createFolder);
    }

    /**
     * No call creates a folder in an open one, but one renames into it. So the folder is made directly in the root, which is
     * trusted, and put where it belongs.
     */
    private OpenFolder createFolder(OpenFolder in, Path name) throws IOException {
        Path temporary = root.getFileSystem().getPath(Placement.temporaryName());
        try (OpenFolder top = openRoot()) {
            Files.createDirectory(root.resolve(temporary));
            try {
                top.move(temporary, in, name);
            } catch (IOException e) {
                top.delete(temporary, true);
                if (!in.attributes(name, false).isDirectory()) {
                    throw e;
                }
                // somebody else was faster
            }
        }
        return enter(in, name, (folder, gone) -> {
            throw new NoSuchFileException(path().toString());
        });
    }

    static OpenFolder folder(Place place) {
        return (OpenFolder) place.folder();
    }

    Path name(Place place) throws IOException {
        Path name = place.name();
        if (name == null) {
            throw new FileSystemException(path().toString(), null, "is a directory");
        }
        return name;
    }
}
