package io.weir.files;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a folder that is watched.
 *
 * @param kind what happened
 * @param path to what: the folder as it was given to the watch, and the names from there on
 * @param from what was renamed, its old path; null for all else
 */
public record FileEvent(Kind kind, Path path, @Nullable Path from) {

    /** What happened. */
    public enum Kind {
        /** Something is there that was not. */
        CREATED,
        /** A file's content or attributes changed, or another file has its name. */
        CHANGED,
        /** It is gone. A folder takes what it held with it, and each of that is told before. */
        DELETED,
        /** It has another name or stands in another folder; of a folder, all that it holds moves with it. */
        RENAMED,
        /**
         * More happened in this folder than the system could keep. What is there now and what is gone is told next, changes of
         * files as far as their size or time shows them; what came and went is not.
         */
        OVERFLOWED
    }

    FileEvent(Kind kind, Path path) {
        this(kind, path, null);
    }

    @Override
    public String toString() {
        return kind + " " + (from == null ? path : from + " to " + path);
    }
}
