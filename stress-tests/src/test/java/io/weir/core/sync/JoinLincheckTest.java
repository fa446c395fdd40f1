package io.weir.core.sync;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The count of what is unfinished against a number: put, take, taskDone, and a join that completes only at zero.
 */
public class JoinLincheckTest {
    private final AsyncQueue<Integer> queue = AsyncQueue.unbounded();

    @Operation
    public boolean put() {
        return queue.tryPut(1);
    }

    /** False where the call was one too many. */
    @Operation
    public boolean taskDone() {
        try {
            queue.taskDone();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Whether it completes without a wait, or during the moment until it gives up. */
    @Operation
    public boolean join() {
        return Adapter.tryNow(queue.join(), queue.core.turnstile).code() == Probe.EMPTY;
    }

    @Test
    void countsAsANumberInEveryInterleavingTried() {
        Lincheck.modelCheck(JoinLincheckTest.class, Specification.class);
    }

    @Test
    void countsAsANumberOnRealThreads() {
        Lincheck.stress(JoinLincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        private int unfinished;

        public boolean put() {
            unfinished++;
            return true;
        }

        public boolean taskDone() {
            if (unfinished == 0) {
                return false;
            }
            unfinished--;
            return true;
        }

        public boolean join() {
            return unfinished == 0;
        }
    }
}
