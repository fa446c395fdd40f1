package io.weir.files;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a tree, depth first, one entry a step. Links are deleted and not followed, nor is one that takes a folder's place
 * meanwhile, where the platform allows ({@link OpenFolder}). A folder that somebody fills again is gone through again.
 */
final class TreeDeletion extends Steps<Long> {
    /** More than the files that cancelled work on the same tree may still create. */
    private static final int MOST_ROUNDS = 300;

    private static final int OPEN_FOLDERS = 16;

    private final FileOperation operation;
    private final Place.Opener opener;
    private final Stepped.Progress progress;
    private final Descent descent = new Descent(OPEN_FOLDERS, false, false);

    private @Nullable Place place;
    private long deleted;

    TreeDeletion(FileOperation operation, Place.Opener opener, Stepped.Progress progress) {
        this.operation = operation;
        this.opener = opener;
        this.progress = progress;
    }

    @Override
    boolean step() throws IOException {
        Place from = place;
        if (from == null) {
            from = opener.open();
            place = from;
            return begin(from);
        }
        Descent.Level level = descent.current();
        if (level == null) {
            return false;
        }
        Path name = next(level);
        if (name == null) {
            leave(from, level);
        } else {
            remove(level.folder(), name, level.path.resolve(name));
        }
        return descent.current() != null;
    }

    @Override
    Long result() {
        return deleted;
    }

    private boolean begin(Place from) throws IOException {
        Path name = nameOf(from);
        BasicFileAttributes attributes = from.attributes(false);
        if (attributes.isDirectory()) {
            descent.enter(from.path(), attributes, from.openFolder(false));
            return true;
        }
        delete(from.folder(), name, false);
        return false;
    }

    private @Nullable Path next(Descent.Level level) {
        try {
            return level.next();
        } catch (IOException e) {
            throw operation.at(level.path).failure(e);
        }
    }

    private void remove(Folder folder, Path name, Path path) {
        try {
            BasicFileAttributes attributes = folder.attributes(name, false);
            if (attributes.isDirectory()) {
                descent.enter(path, attributes, folder.open(name, false));
            } else {
                delete(folder, name, false);
            }
        } catch (NoSuchFileException e) {
            // somebody else was faster
        } catch (IOException e) {
            throw operation.at(path).failure(e);
        }
    }

    private void leave(Place from, Descent.Level level) {
        try {
            descent.leave();
            Descent.Level above = descent.current();
            Folder folder = above == null ? from.folder() : above.folder();
            Path name = above == null ? nameOf(from) : level.path.getFileName();
            try {
                delete(folder, name, true);
            } catch (DirectoryNotEmptyException e) {
                if (level.rounds == MOST_ROUNDS) {
                    throw e;
                }
                descent.enter(level.path, level.attributes, folder.open(name, false)).rounds = level.rounds + 1;
            }
        } catch (NoSuchFileException e) {
            // somebody else was faster
        } catch (IOException e) {
            throw operation.at(level.path).failure(e);
        }
    }

    private void delete(Folder folder, Path name, boolean isFolder) throws IOException {
        folder.delete(name, isFolder);
        deleted++;
        progress.report(deleted, -1);
    }

    /** Asked for before anything is deleted. */
    private static Path nameOf(Place place) throws IOException {
        Path name = place.name();
        if (name == null || name.toString().equals(".") || name.toString().equals("..")) {
            throw new FileSystemException(place.path().toString(), null, "a root, \".\" or \"..\" is not deleted");
        }
        return name;
    }

    @Override
    public void close() throws IOException {
        Place at = place;
        place = null;
        try (at) {
            descent.close();
        }
    }
}
