package io.weir.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A symbolic link, made anew with the same words. */
final class LinkCopy {
    private LinkCopy() {}

    static void copy(Path source, Path target, boolean replacing) throws IOException {
        Path destination = Files.readSymbolicLink(source);
        if (!replacing) {
            Files.createSymbolicLink(target, destination);
            return;
        }
        Path temporary = Placement.temporaryBeside(target);
        Files.createSymbolicLink(temporary, destination);
        try {
            Placement.replace(temporary, target);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }
}
