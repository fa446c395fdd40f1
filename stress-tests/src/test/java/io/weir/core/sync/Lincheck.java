package io.weir.core.sync;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Runs Lincheck: operations chosen at random on two threads, and every result must be one that some order of the same
 * operations gives on the sequential specification.
 */
final class Lincheck {
    /** How many different programs are tried. */
    private static final int ITERATIONS = Integer.getInteger("weir.lincheck.iterations", 5);

    private Lincheck() {}

    /** Tries the interleavings of each program one after the other, with a switch before any access to shared memory. */
    static void modelCheck(Class<?> structure, Class<?> specification) {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(specification)
                .check(structure);
    }

    /** Runs each program on real threads, many times. */
    static void stress(Class<?> structure, Class<?> specification) {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(specification)
                .check(structure);
    }
}
