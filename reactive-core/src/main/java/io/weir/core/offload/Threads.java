package io.weir.core.offload;

import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The kinds of thread a pool can have. Virtual ones are found at run time: the classes are those of Java 17. */
enum Threads {
    PLATFORM,
    VIRTUAL;

    /** Set to {@code false}, {@code Offload.blocking} has platform threads on every JDK. */
    static final String VIRTUAL_PROPERTY = "weir.offload.virtualThreads";

    private static final @Nullable ThreadFactory VIRTUAL_THREADS = findVirtual();

    /** What calls that wait are to run on: virtual threads where the JDK has them and nobody forbids them. */
    static Threads forBlocking() {
        boolean allowed = !"false".equalsIgnoreCase(System.getProperty(VIRTUAL_PROPERTY));
        return allowed && VIRTUAL_THREADS != null ? VIRTUAL : PLATFORM;
    }

    /** A daemon thread, not started. */
    Thread create(String name, Runnable body) {
        if (this == PLATFORM) {
            Thread thread =
                    new Thread(null, body, name, 0, false); // has no thread locals of whoever happened to submit
            thread.setDaemon(true);
            return thread;
        }
        if (VIRTUAL_THREADS == null) {
            throw new IllegalStateException("this JDK has no virtual threads");
        }
        Thread thread = VIRTUAL_THREADS.newThread(body);
        thread.setName(name);
        return thread;
    }

    /** {@code Thread.ofVirtual().inheritInheritableThreadLocals(false).factory()}, or null before JDK 21. */
    private static @Nullable ThreadFactory findVirtual() {
        if (Runtime.version().feature() < 21) {
            return null; // 19 and 20 have them as a preview only
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
            Object bare = ofVirtual
                    .getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(virtual, false);
            return (ThreadFactory) builder.getMethod("factory").invoke(bare);
        } catch (ReflectiveOperationException e) {
            return null; // a JDK without them after all: the other kind serves
        }
    }
}
