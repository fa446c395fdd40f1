package io.weir.core.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The semaphore against a number: permits taken at once, permits waited for, and released. Which permit is released does not
 * matter, as long as it was had.
 */
public class SemaphoreLincheckTest {
    private static final int PERMITS = 2;

    private final AsyncSemaphore semaphore = AsyncSemaphore.of(PERMITS);
    private final Deque<Permit> first = new ArrayDeque<>();
    private final Deque<Permit> second = new ArrayDeque<>();

    /** Each thread keeps its own permits: the group runs on one thread at a time. */
    @Operation(nonParallelGroup = "first")
    public boolean tryAcquire() {
        return keep(first, semaphore.tryAcquire());
    }

    @Operation(nonParallelGroup = "first")
    public boolean release() {
        return release(first);
    }

    /** Waits, and gives up at once. */
    @Operation(nonParallelGroup = "second")
    public boolean acquireInTheLine() {
        return keep(
                second, Adapter.tryNow(semaphore.acquire(), semaphore.turnstile).last());
    }

    @Operation(nonParallelGroup = "second")
    public boolean releaseTheOther() {
        return release(second);
    }

    private static boolean keep(Deque<Permit> held, Permit permit) {
        return permit != null && held.add(permit);
    }

    private static boolean release(Deque<Permit> held) {
        Permit permit = held.poll();
        if (permit == null) {
            return false;
        }
        permit.release();
        return true;
    }

    @Test
    void behavesAsACounterInEveryInterleavingTried() {
        Lincheck.modelCheck(SemaphoreLincheckTest.class, Specification.class);
    }

    @Test
    void behavesAsACounterOnRealThreads() {
        Lincheck.stress(SemaphoreLincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        private int free = PERMITS;
        private int first;
        private int second;

        public boolean tryAcquire() {
            if (free == 0) {
                return false;
            }
            free--;
            first++;
            return true;
        }

        public boolean release() {
            if (first == 0) {
                return false;
            }
            first--;
            free++;
            return true;
        }

        public boolean acquireInTheLine() {
            if (free == 0) {
                return false;
            }
            free--;
            second++;
            return true;
        }

        public boolean releaseTheOther() {
            if (second == 0) {
                return false;
            }
            second--;
            free++;
            return true;
        }
    }
}
