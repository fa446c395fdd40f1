package io.weir.core.debug;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread that is looked at from time to time: has it begun another task since? Each look is at least a quarter of the threshold after the
 * one before, and a task is reported that was there at five of them; so a pause of the whole JVM, which delays the looks too, makes no
 * task look long. Used by the looking thread only, but for what the heirs say.
 */
abstract class Watched {
    static final int LOOKS = 4;

    private long seen = -1;
    private int looks;
    private long sinceNanos;
    private final List<List<StackTraceElement>> samples = new ArrayList<>(LOOKS);
    private Report.@Nullable HoggedThread told;

    /** Another number for each task; negative while there is none. */
    abstract long turn();

    /** Who runs it; null if that is not known. */
    abstract @Nullable Thread thread();

    /** Whether a task is known to be one, or only that nothing else ran meanwhile. */
    abstract boolean isExact();

    final void look(Session session) {
        long turn = turn();
        if (turn < 0 || turn != seen) {
            seen = turn;
            looks = 0;
            sinceNanos = System.nanoTime();
            samples.clear();
            told = null;
            return;
        }
        looks++;
        Duration lasted = Duration.ofNanos(System.nanoTime() - sinceNanos);
        if (told != null) {
            session.sightings.lasts(told, lasted);
            return;
        }
        Thread thread = thread();
        if (looks < 2 || looks > LOOKS || thread == null) {
            return;
        }
        List<StackTraceElement> sample = List.of(thread.getStackTrace());
        if (turn() != turn || sample.isEmpty()) {
            return; // just over
        }
        samples.add(sample);
        if (looks == LOOKS) {
            StackTraceElement site = site();
            if (site != null) {
                told = new Report.HoggedThread(thread.getName(), lasted, site, samples, 1);
                session.found(told);
            }
        }
    }

    /** The innermost of the user's frames that all samples share; else, if it is one task for sure, the innermost of all. */
    private @Nullable StackTraceElement site() {
        List<StackTraceElement> first = samples.get(0);
        StackTraceElement any = null;
        StackTraceElement users = null;
        for (int depth = 1; depth <= first.size() && isShared(depth); depth++) {
            any = first.get(first.size() - depth);
            if (Room.isUsers(any.getClassName())) {
                users = any;
            }
        }
        return users != null || !isExact() ? users : any == null ? first.get(first.size() - 1) : any;
    }

    /** The outermost frame of all has depth 1. */
    private boolean isShared(int depth) {
        List<StackTraceElement> first = samples.get(0);
        return samples.stream()
                .allMatch(sample -> sample.size() >= depth
                        && isSame(sample.get(sample.size() - depth), first.get(first.size() - depth)));
    }

    /** A method may be at another line of itself by now. */
    private static boolean isSame(StackTraceElement one, StackTraceElement other) {
        return one.getMethodName().equals(other.getMethodName())
                && one.getClassName().equals(other.getClassName());
    }
}
