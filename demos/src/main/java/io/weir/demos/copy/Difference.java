package io.weir.demos.copy;

import java.nio.file.Path;

/**
 * A place at which a copy is not what it was copied from.
 *
 * @param path where, from the root of the tree on
 * @param what in words
 */
record Difference(Path path, String what) {
    @Override
    public String toString() {
        return path + " " + what;
    }
}
