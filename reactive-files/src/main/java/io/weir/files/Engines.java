package io.weir.files;

import io.weir.core.offload.Offload;
import java.util.Locale;
import reactor.util.Logger;
import reactor.util.Loggers;

/** Chooses the engine, once, when the first file is asked for. */
final class Engines {
    static final String PROPERTY = "weir.files.engine";

    private static final Logger LOG = Loggers.getLogger(AsyncFiles.class);
    private static final String JAR = "io.netty.channel.uring.IoUring";

    private Engines() {}

    static ThreadEngine choose() {
        return choose(System.getProperty(PROPERTY, "auto"));
    }

    static ThreadEngine choose(String wanted) {
        return switch (wanted.toLowerCase(Locale.ROOT)) {
            case "threads" -> threads();
            case "auto" -> isThere(JAR) ? ringOrThreads() : threads();
            case "io_uring" -> ringOrThreads();
            default ->
                throw new IllegalArgumentException(
                        "-D" + PROPERTY + " is one of auto, io_uring and threads, not " + wanted);
        };
    }

    private static ThreadEngine threads() {
        return new ThreadEngine(Offload::blockingScheduler);
    }

    /** Errors too: classes or a native library that are missing are told so. */
    private static ThreadEngine ringOrThreads() {
        try {
            return new RingEngine(Offload::blockingScheduler, new Rings());
        } catch (Exception | LinkageError e) {
            Throwable cause = e.getCause() != null ? e.getCause() : e;
            LOG.warn("Files are read by threads, because io_uring cannot be used here: {}", cause.toString());
            return threads();
        }
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, Engines.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
