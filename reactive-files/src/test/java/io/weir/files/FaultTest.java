package io.weir.files;

import java.io.IOException;
import java.nio.file.Path;

class FaultTest {
    static boolean makePipe(Path path) throws IOException {
        try {
            return new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
