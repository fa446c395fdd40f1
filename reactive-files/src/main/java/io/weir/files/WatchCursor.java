package io.weir.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a folder. What the system tells names only where to look: what is told on is the difference between what was
 * there and what is.
 */
final class WatchCursor implements Cursor<FileEvent> {
    private static final int KEYS_AT_ONCE = 1_000;

    private final WatchOptions options;
    private final WatchService service;
    private final WatchedEntry root;
    private final Map<WatchKey, WatchedEntry> folders = new HashMap<>();
    private final Queue<FileEvent> events = new ArrayDeque<>();
    private int entries;
    private boolean over;

    private WatchCursor(WatchOptions options, WatchService service, WatchedEntry root) {
        this.options = options;
        this.service = service;
        this.root = root;
    }

    static WatchCursor open(Path path, WatchOptions options) throws IOException {
        WatchService service;
        try {
            service = path.getFileSystem().newWatchService();
        } catch (IOException e) {
            throw refusal(path, e);
        }
        try {
            WatchedEntry root = new WatchedEntry(null, path, WatchedEntry.Stamp.of(path));
            WatchCursor cursor = new WatchCursor(options, service, root);
            cursor.watch(cursor.root);
            cursor.events.clear(); // what was there before is not told
            return cursor;
        } catch (IOException | RuntimeException | Error e) {
            service.close();
            throw e;
        }
    }

    WatchedEntry root() {
        return root;
    }

    @Override
    public @Nullable FileEvent poll() {
        return events.poll();
    }

    @Override
    public boolean fill(long demand) throws IOException {
        if (over) {
            return false;
        }
        WatchedEntry.Stamp now = WatchedEntry.Stamp.ofAny(root.path());
        if (now == null || !now.isSameFile(root.stamp) || root.isDeleted()) {
            forget(root, root.path());
            over = true;
            return true;
        }
        WatchRound round = new WatchRound(this);
        int keys = 0;
        for (WatchKey key = service.poll(); key != null; key = ++keys < KEYS_AT_ONCE ? service.poll() : null) {
            gather(key, round);
        }
        round.tell();
        return keys > 0;
    }

    private void gather(WatchKey key, WatchRound round) throws IOException {
        WatchedEntry folder = folders.get(key);
        if (folder != null && !key.isValid()) {
            round.addItself(folder); // deleted, and perhaps there is another
        }
        for (WatchEvent<?> event : key.pollEvents()) {
            if (folder == null) {
                continue;
            }
            if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
                tell(new FileEvent(FileEvent.Kind.OVERFLOWED, folder.path()));
                lookAtAll(folder, round);
            } else {
                round.add(folder, (Path) event.context(), event.kind() == StandardWatchEventKinds.ENTRY_MODIFY);
            }
        }
        key.reset(); // before anything is looked at: what happens after the look is told again
    }

    static void lookAtAll(WatchedEntry folder, WatchRound round) throws IOException {
        folder.children().forEach(child -> round.add(folder, child.name(), false));
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder.path())) {
            listing.forEach(path -> round.add(folder, path.getFileName(), false));
        } catch (FileSystemException e) {
            if (Files.isDirectory(folder.path())) {
                throw e;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    void tell(FileEvent event) {
        events.add(event);
    }

    /** Tells what is new in a folder, and what that holds. */
    void create(FileEvent.Kind kind, WatchedEntry folder, Path name, WatchedEntry.Stamp stamp) throws IOException {
        if (++entries > options.maxEntries()) {
            throw new FileSystemException(
                    folder.path().toString(),
                    null,
                    "more than maxEntries, " + options.maxEntries() + " files and folders");
        }
        WatchedEntry created = new WatchedEntry(folder, name, stamp);
        folder.put(name, created);
        tell(new FileEvent(kind, created.path()));
        if (stamp.isFolder() && options.isRecursive()) {
            try {
                watch(created);
            } catch (AccessDeniedException e) {
                // told and not entered
            } catch (FileSystemException e) {
                if (e.getCause() != null || Files.isDirectory(created.path(), LinkOption.NOFOLLOW_LINKS)) {
                    throw e;
                } // else gone again, which will be told
            }
        }
    }

    /** Watches first and looks then: what is created meanwhile is found, and what is told of it later is nothing new. */
    private void watch(WatchedEntry folder) throws IOException {
        WatchKey key = register(folder.path());
        folder.watchedBy(key);
        WatchedEntry before = folders.put(key, folder);
        if (before != null) { // the same folder, which is not known yet to have moved here
            before.watchedBy(null);
        }
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder.path())) {
            for (Path path : listing) {
                WatchedEntry.Stamp stamp = WatchedEntry.Stamp.ofAny(path, LinkOption.NOFOLLOW_LINKS);
                if (stamp != null) {
                    create(FileEvent.Kind.CREATED, folder, path.getFileName(), stamp);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private WatchKey register(Path path) throws IOException {
        try {
            return path.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            throw refusal(path, e);
        }
    }

    /** The limits of the system come without a path. */
    private static IOException refusal(Path path, IOException e) {
        return e instanceof FileSystemException
                ? e
                : (IOException) new FileSystemException(path.toString(), null, e.getMessage()).initCause(e);
    }

    /** Tells that something is gone from its path, and before that all that it held. */
    void forget(WatchedEntry entry, Path path) {
        entry.children().forEach(child -> forget(child, path.resolve(child.name())));
        release(entry);
        tell(new FileEvent(FileEvent.Kind.DELETED, path));
    }

    /** It is gone, and nobody is to be told. */
    void release(WatchedEntry entry) {
        WatchKey key = entry.key();
        if (key != null) {
            key.cancel();
            folders.remove(key);
        }
        entries--;
    }

    @Override
    public void close() throws IOException {
        events.clear();
        service.close();
    }
}
