package io.weir.benchmarks;

import org.openjdk.jmh.annotations.Param;

/** Calls that do nothing, one after another or 64 at once: each caller makes the next when it has the result of the last. */
public abstract class OffloadWork extends OnThreads {
    static final int CALLS = 64_000;

    /** What a call returns: boxed once, and beyond what is cached. */
    static final Integer RESULT = 4711;

    /** How many call at once. */
    @Param({"1", "64"})
    public int callers = 1;

    final int callsEach() {
        return CALLS / callers;
    }
}
