package io.weir.files;

/**
 * When a write is forced to the device. Until then the system keeps what was written in memory: it outlasts the process, but not
 * a crash of the machine.
 */
public final class SyncPolicy {
    private static final long NEVER = Long.MAX_VALUE;
    private static final SyncPolicy NONE = new SyncPolicy(false, NEVER);
    private static final SyncPolicy AT_END = new SyncPolicy(true, NEVER);

    private final boolean end;
    private final long interval;

    private SyncPolicy(boolean end, long interval) {
        this.end = end;
        this.interval = interval;
    }

    /**
     * The system writes to the device when it likes. The default of every write, but of those that replace a file atomically.
     *
     * @return that policy
     */
    public static SyncPolicy none() {
        return NONE;
    }

    /**
     * Forces the file and its folder to the device when all is written, before the result is emitted.
     *
     * @return that policy
     */
    public static SyncPolicy atEnd() {
        return AT_END;
    }

    /**
     * As {@link #atEnd()}, and forces the content each time so much has been written since it was last forced. That bounds
     * what a crash can take, and spreads a large file's way to the device over the time of its writing.
     *
     * @param bytes at least 1; what is written with one call to the system, up to 1 MiB, is not divided for it
     * @return that policy
     */
    public static SyncPolicy every(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a write can be forced every byte at most, not every " + bytes);
        }
        return new SyncPolicy(true, bytes);
    }

    boolean end() {
        return end;
    }

    /** How many bytes may be written and not forced before the end. */
    long interval() {
        return interval;
    }

    @Override
    public String toString() {
        if (interval != NEVER) {
            return "every " + interval + " bytes";
        }
        return end ? "at the end" : "none";
    }
}
