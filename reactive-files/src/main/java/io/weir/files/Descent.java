package io.weir.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The folders from the root of a walk down to where it is. At most so many are open: of the others, the topmost, the names
 * left are held, and on the way back each is opened again from the one below, and refused if it is not the same any more.
 */
final class Descent implements Closeable {
    private final int maxOpen;
    private final boolean sorted;
    private final boolean followingLinks;
    private final Deque<Level> levels = new ArrayDeque<>(); // the deepest first
    private int open;

    Descent(int maxOpen, boolean sorted, boolean followingLinks) {
        this.maxOpen = maxOpen;
        this.sorted = sorted;
        this.followingLinks = followingLinks;
    }

    /** A folder on the way. */
    static final class Level {
        final Path path;
        final BasicFileAttributes attributes;

        /** How often it was gone through again, for the one who does so. */
        int rounds;

        private @Nullable Folder folder;
        private @Nullable Iterator<Path> names; // if they were read ahead

        private Level(Path path, BasicFileAttributes attributes, Folder folder) {
            this.path = path;
            this.attributes = attributes;
            this.folder = folder;
        }

        Folder folder() {
            return Objects.requireNonNull(folder);
        }

        @Nullable
        Path next() throws IOException {
            return names == null ? folder().next() : names.hasNext() ? names.next() : null;
        }

        private void readAhead(boolean sorted) throws IOException {
            if (names != null) {
                return;
            }
            List<Path> all = new ArrayList<>();
            for (Path name = folder().next(); name != null; name = folder().next()) {
                all.add(name);
            }
            if (sorted) {
                all.sort(null);
            }
            names = all.iterator();
        }
    }

    @Nullable
    Level current() {
        return levels.peek();
    }

    /** The current one is 0. */
    int depth() {
        return levels.size();
    }

    /** Whether a folder is one of those on the way: a link led back. */
    boolean isOnTheWay(BasicFileAttributes folder) {
        return levels.stream().anyMatch(level -> Placement.isSame(level.attributes, folder));
    }

    /** Goes down into a folder, which is owned from here on. */
    Level enter(Path path, BasicFileAttributes attributes, Folder folder) throws IOException {
        Level level = new Level(path, attributes, folder);
        levels.push(level);
        open++;
        if (sorted) {
            level.readAhead(true);
        }
        if (open > maxOpen) {
            park();
        }
        return level;
    }

    private void park() throws IOException {
        for (Iterator<Level> fromTop = levels.descendingIterator(); fromTop.hasNext(); ) {
            Level level = fromTop.next();
            Folder parked = level.folder;
            if (parked != null && level != levels.peek()) {
                level.readAhead(false);
                level.folder = null;
                open--;
                parked.close();
                return;
            }
        }
    }

    /** Goes up, from the current folder to the one above. */
    void leave() throws IOException {
        Level left = levels.pop();
        open--;
        try (Folder below = left.folder()) {
            Level above = levels.peek();
            if (above != null && above.folder == null) {
                Folder again = followingLinks ? Folder.open(above.path) : below.openParent(above.path);
                above.folder = again;
                open++;
                if (!Objects.equals(again.attributes().fileKey(), above.attributes.fileKey())) {
                    throw new FileSystemException(above.path.toString(), null, "it was moved meanwhile");
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Level level : levels) {
            Folder open = level.folder;
            level.folder = null;
            try (open) {
                // Closes it, and goes on to the next whatever that says.
            } catch (IOException e) {
                failure = e;
            }
        }
        levels.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
