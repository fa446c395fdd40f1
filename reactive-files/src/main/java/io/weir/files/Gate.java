package io.weir.files;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * How many may be at work at once, and the line of those who wait, first come first served. One thread only, a ring's; others may
 * look at the {@link #load}.
 */
final class Gate {
    private static final AtomicIntegerFieldUpdater<Gate> LOAD =
            AtomicIntegerFieldUpdater.newUpdater(Gate.class, "load");

    private final int places;
    private final int most;
    private final Queue<Entrant> line = new ArrayDeque<>();
    private volatile int load;
    private int taken;
    private boolean admitting;

    /** One who asked to be let in. */
    interface Entrant {
        /** It is inside and begins; it will call {@link Gate#leave()} once. False: it no longer wants to, and is not inside. */
        boolean enter();
    }

    Gate(int places, int most) {
        this.places = places;
        this.most = most;
    }

    void admit(Entrant entrant) {
        if (line.size() == most) {
            throw new RejectedExecutionException(most + " file operations wait for this ring, which is all it takes");
        }
        line.add(entrant);
        admitWaiting();
    }

    void leave() {
        taken--;
        admitWaiting();
    }

    /** How many are inside or in the line, not long ago. */
    int load() {
        return load;
    }

    /** One who enters may leave at once: that is seen by the loop that is under way, and no stack grows. */
    private void admitWaiting() {
        if (admitting) {
            return;
        }
        admitting = true;
        try {
            while (taken < places && !line.isEmpty()) {
                taken++;
                if (!line.remove().enter()) {
                    taken--;
                }
            }
        } finally {
            admitting = false;
            LOAD.lazySet(this, taken + line.size());
        }
    }
}
