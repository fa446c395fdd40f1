package io.weir.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A tree, depth first. Each fill looks at one name, so nothing is opened or read ahead of demand. What vanishes between the
 * reading of its name and the look at it was never there.
 */
final class TreeCursor implements Cursor<WalkEntry> {
    private final FileOperation operation;
    private final WalkOptions options;
    private final Path root;
    private final Descent descent;
    private final Queue<WalkEntry> met = new ArrayDeque<>();

    private TreeCursor(FileOperation operation, WalkOptions options, Path root) {
        this.operation = operation;
        this.options = options;
        this.root = root;
        this.descent = options.descent();
    }

    static TreeCursor open(FileOperation operation, WalkOptions options, Place.Opener opener) throws IOException {
        try (Place place = opener.open()) {
            TreeCursor cursor = new TreeCursor(operation, options, place.path());
            try {
                cursor.begin(place);
            } catch (IOException | RuntimeException | Error e) {
                cursor.close();
                throw e;
            }
            return cursor;
        }
    }

    private void begin(Place place) throws IOException {
        BasicFileAttributes attributes = place.attributes(options.isFollowingLinks());
        if (attributes.isDirectory() && options.maxDepth() > 0) {
            enter(root, attributes, place.openFolder(options.isFollowingLinks()));
        } else {
            meet(root, 0, attributes);
        }
    }

    @Override
    public @Nullable WalkEntry poll() {
        return met.poll();
    }

    @Override
    public boolean fill(long demand) throws IOException {
        Descent.Level level = descent.current();
        if (level == null) {
            return false;
        }
        Path name;
        try {
            name = level.next();
        } catch (IOException e) {
            fail(level.path, descent.depth() - 1, e);
            name = null; // what is left of it cannot be told
        }
        if (name == null) {
            leave(level);
        } else {
            look(level, name);
        }
        return true;
    }

    private void leave(Descent.Level level) throws IOException {
        int depth = descent.depth() - 1;
        descent.leave();
        if (options.foldersLast()) {
            meet(level.path, depth, level.attributes);
        }
    }

    private void look(Descent.Level level, Path name) throws IOException {
        Path path = level.path.resolve(name);
        if (options.excludes(root, path)) {
            return;
        }
        int depth = descent.depth();
        try {
            BasicFileAttributes attributes = Place.attributes(level.folder(), name, options.isFollowingLinks());
            if (!attributes.isDirectory() || depth >= options.maxDepth()) {
                meet(path, depth, attributes);
                return;
            }
            if (options.isFollowingLinks() && descent.isOnTheWay(attributes)) {
                throw new FileSystemLoopException(path.toString());
            }
            open(level, name, path, attributes);
        } catch (NoSuchFileException e) {
            // gone
        } catch (IOException e) {
            fail(path, depth, e);
        }
    }

    private void open(Descent.Level level, Path name, Path path, BasicFileAttributes attributes) throws IOException {
        Folder folder;
        try {
            folder = level.folder().open(name, options.isFollowingLinks());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            meet(path, descent.depth(), attributes); // it is there, only closed
            throw e;
        }
        enter(path, attributes, folder);
    }

    private void enter(Path path, BasicFileAttributes attributes, Folder folder) throws IOException {
        if (!options.foldersLast()) {
            meet(path, descent.depth(), attributes);
        }
        descent.enter(path, attributes, folder);
    }

    private void meet(Path path, int depth, BasicFileAttributes attributes) {
        if (options.includes(root, path)) {
            met.add(new WalkEntry(path, depth, attributes));
        }
    }

    private void fail(Path path, int depth, IOException e) {
        FileException failure = operation.at(path).failure(e);
        switch (options.failures()) {
            case FAIL -> throw failure;
            case SKIP -> options.skipped(failure);
            case EMIT -> met.add(new WalkEntry(path, depth, failure));
        }
    }

    @Override
    public void close() throws IOException {
        met.clear();
        descent.close();
    }
}
