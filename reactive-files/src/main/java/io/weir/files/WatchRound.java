package io.weir.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names that were told between two looks: looks at each, and finds out what became of it.
 *
 * <p>Upper folders come first. Of a folder that is gone from its place, the names in it wait until it is known where it went.
 * Deletions are told before renamings and those before what is new, so that whoever applies the events one after the other never
 * meets a name twice, and the watch of a folder has ended before one of the same folder begins.
 */
final class WatchRound {

    /** A name in a folder. */
    private record Place(WatchedEntry folder, Path name) {}

    /** A name that stands for something else than before. */
    private static final class Appearance {
        final Place place;
        final WatchedEntry.Stamp stamp;
        final @Nullable WatchedEntry replaced;

        @Nullable
        WatchedEntry source;

        Appearance(Place place, WatchedEntry.Stamp stamp, @Nullable WatchedEntry replaced) {
            this.place = place;
            this.stamp = stamp;
            this.replaced = replaced;
        }

        /** One file took the place of another, as when it was written anew and renamed. */
        boolean isReplacement() {
            return replaced != null && !replaced.stamp.isFolder() && !stamp.isFolder();
        }
    }

    private final WatchCursor watch;
    private Map<Place, Boolean> modified = new LinkedHashMap<>();

    // What this pass found.
    private final Map<WatchedEntry, Path> vanished = new LinkedHashMap<>(); // with the path it had
    private final List<Appearance> appeared = new ArrayList<>();
    private final List<Path> changed = new ArrayList<>();

    WatchRound(WatchCursor watch) {
        this.watch = watch;
    }

    void add(WatchedEntry folder, Path name, boolean isModified) {
        modified.merge(new Place(folder, name), isModified, Boolean::logicalOr);
    }

    void addItself(WatchedEntry folder) {
        WatchedEntry parent = folder.parent();
        if (parent != null) {
            add(parent, folder.name(), false);
        }
    }

    void tell() throws IOException {
        while (!modified.isEmpty()) {
            List<Place> places = new ArrayList<>(modified.keySet());
            places.sort(Comparator.comparingInt(place -> place.folder().depth()));
            Map<Place, Boolean> waiting = new LinkedHashMap<>();
            for (Place place : places) {
                boolean isModified = Boolean.TRUE.equals(modified.get(place));
                if (place.folder().isLost()) {
                    waiting.put(place, isModified);
                } else {
                    look(place, isModified);
                }
            }
            tellPass();
            waiting.keySet().removeIf(place -> place.folder().isLost()); // it is told with its folder
            modified = waiting;
        }
    }

    private void look(Place place, boolean isModified) throws IOException {
        Path path = place.folder().path().resolve(place.name());
        WatchedEntry before = place.folder().child(place.name());
        WatchedEntry.Stamp now;
        try {
            now = WatchedEntry.Stamp.ofAny(path, LinkOption.NOFOLLOW_LINKS);
        } catch (AccessDeniedException e) {
            return; // who knows
        }
        if (before != null && now != null && before.stamp.isSameFile(now) && !before.isDeleted()) {
            boolean shows = !now.isFolder() && !now.equals(before.stamp);
            before.stamp = now;
            if (isModified || shows) {
                changed.add(path);
            }
            return;
        }
        if (before != null) {
            vanished.put(before, path);
            place.folder().remove(place.name());
        }
        if (now != null) {
            appeared.add(new Appearance(place, now, before));
        }
    }

    private void tellPass() throws IOException {
        List<Appearance> renamed = pair();
        appeared.removeAll(renamed);
        tellVanished(renamed);
        for (Appearance to : renamed) {
            WatchedEntry source = Objects.requireNonNull(to.source);
            source.stamp = to.stamp;
            to.place.folder().put(to.place.name(), source);
            watch.tell(new FileEvent(FileEvent.Kind.RENAMED, source.path(), vanished.get(source)));
        }
        for (Appearance created : appeared) {
            watch.create(
                    created.isReplacement() ? FileEvent.Kind.CHANGED : FileEvent.Kind.CREATED,
                    created.place.folder(),
                    created.place.name(),
                    created.stamp);
        }
        changed.forEach(path -> watch.tell(new FileEvent(FileEvent.Kind.CHANGED, path)));
        vanished.clear();
        appeared.clear();
        changed.clear();
    }

    private void tellVanished(List<Appearance> renamed) {
        Set<WatchedEntry> silent = new HashSet<>();
        for (Appearance to : renamed) {
            silent.add(Objects.requireNonNull(to.source));
        }
        Stream.concat(renamed.stream(), appeared.stream())
                .filter(to -> to.isReplacement() && silent.add(Objects.requireNonNull(to.replaced)))
                .forEach(to -> watch.release(Objects.requireNonNull(to.replaced)));
        vanished.forEach((entry, path) -> {
            if (!silent.contains(entry)) {
                watch.forget(entry, path);
            }
        });
    }

    /**
     * What appeared and is what vanished, in an order in which no name is taken before what had it moved on. Where names were
     * exchanged there is none: those are taken for new.
     */
    private List<Appearance> pair() {
        Map<Object, WatchedEntry> byFile = new HashMap<>();
        for (WatchedEntry entry : vanished.keySet()) {
            if (entry.stamp.file() != null) {
                byFile.put(entry.stamp.file(), entry);
            }
        }
        List<Appearance> waiting = new ArrayList<>();
        Set<WatchedEntry> moving = new HashSet<>();
        for (Appearance to : appeared) {
            WatchedEntry source = to.stamp.file() == null ? null : byFile.get(to.stamp.file());
            if (source != null && source.isMovedTo(to.stamp) && moving.add(source)) {
                to.source = source;
                waiting.add(to);
            }
        }
        List<Appearance> ordered = new ArrayList<>();
        int before = -1;
        while (before != ordered.size()) {
            before = ordered.size();
            for (Iterator<Appearance> each = waiting.iterator(); each.hasNext(); ) {
                Appearance to = each.next();
                if (to.replaced == null || !moving.contains(to.replaced)) {
                    ordered.add(to);
                    moving.remove(to.source);
                    each.remove();
                }
            }
        }
        return ordered;
    }
}
