package io.weir.core.task;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;

/**
 * Finds what a subscription waits on, by walking up to its sources: each operator tells its parents and inners, and Weir's waits tell
 * their names. So a wait costs nothing until somebody looks.
 */
final class WaitingOn {
    private static final int MOST_NAMES = 4;
    private static final int MOST_STEPS = 10_000;

    private final List<String> names = new ArrayList<>();
    private int steps;

    private WaitingOn() {}

    /** The names of the sources that have not ended, at most a few; empty where it cannot be seen. */
    static List<String> find(@Nullable Object subscription) {
        WaitingOn walk = new WaitingOn();
        try {
            walk.visit(Scannable.from(subscription), 0);
        } catch (RuntimeException e) { // an operator that cannot be looked at while it moves
            return List.copyOf(walk.names);
        }
        return walk.names;
    }

    private void visit(Scannable at, int depth) {
        Scannable here = at;
        while (here.isScanAvailable() && names.size() < MOST_NAMES && steps++ < MOST_STEPS) {
            if (here.scanOrDefault(Attr.TERMINATED, false) || here.scanOrDefault(Attr.CANCELLED, false)) {
                return;
            }
            boolean branched = depth < 64 && visitInners(here, depth + 1);
            Scannable parent = here.scan(Attr.PARENT);
            if (parent == null || !parent.isScanAvailable()) {
                if (!branched) {
                    addName(here);
                }
                return;
            }
            if (branched) {
                return; // what it waits on is inside; its source has usually ended, or waits for these
            }
            here = parent;
        }
    }

    private boolean visitInners(Scannable at, int depth) {
        int before = names.size();
        Iterator<? extends Scannable> inners = at.inners().iterator();
        while (inners.hasNext() && names.size() < MOST_NAMES) {
            visit(inners.next(), depth);
        }
        return names.size() > before;
    }

    private void addName(Scannable source) {
        Object name = source.scanUnsafe(Attr.NAME);
        names.add(name instanceof String own ? own : source.stepName());
    }
}
