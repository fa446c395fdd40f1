package io.weir.demos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether processes that a test starts hear of Ctrl-C. */
public final class CtrlC {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long SIGINT = 1 << 1;

    private CtrlC() {}

    /**
     * What a shell starts in the background ignores it, and so does all that is started from there.
     *
     * @return true where that is known
     */
    public static boolean isIgnored() throws IOException {
        return Files.exists(STATUS)
                && Files.readAllLines(STATUS).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(
                                                line.substring("SigIgn:".length())
                                                        .strip(),
                                                16)
                                        & SIGINT)
                                != 0);
    }
}
