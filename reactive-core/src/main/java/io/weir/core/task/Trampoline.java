package io.weir.core.task;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Runs what the end of a task brings about on the current thread, in constant stack.
 *
 * <p>The end of one task tells those who joined it, whose end tells others, and starts the next one in line. Up to
 * {@value #DEPTH} levels that runs deeper and deeper, so that a caller who blocks inside still gets what it waits for; what is
 * deeper is queued, and the outermost level of this thread runs it.
 */
final class Trampoline {
    static final int DEPTH = 16;

    private static final ThreadLocal<Trampoline> OF_THREAD = ThreadLocal.withInitial(Trampoline::new);

    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private int depth;

    private Trampoline() {}

    static void run(Runnable step) {
        Trampoline trampoline = OF_THREAD.get();
        if (trampoline.depth >= DEPTH) {
            trampoline.deferred.add(step);
        } else {
            trampoline.enter(step);
        }
    }

    private void enter(Runnable first) {
        Throwable thrown = null;
        depth++;
        try {
            Runnable step = first;
            while (step != null) {
                thrown = attempt(step, thrown);
                step = depth == 1 ? deferred.poll() : null;
            }
        } finally {
            depth--;
        }
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }

    /** A step that throws keeps no other from its turn. */
    private static @Nullable Throwable attempt(Runnable step, @Nullable Throwable thrown) {
        try {
            step.run();
        } catch (Throwable t) {
            return thrown == null ? t : Failures.add(thrown, t);
        }
        return thrown;
    }
}
