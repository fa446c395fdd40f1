package io.weir.core.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The queue against a plain deque with a bound, of two elements: puts, takes, their waiting forms, and the close.
 */
@Param(name = "element", gen = IntGen.class, conf = "1:3")
public class Queue2LincheckTest {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(2);

    @Operation
    public boolean tryPut(@Param(name = "element") int element) {
        return queue.tryPut(element);
    }

    @Operation
    public @Nullable Integer tryTake() {
        return queue.tryTake();
    }

    /** Puts, and gives up where that would need a wait. */
    @Operation
    public boolean put(@Param(name = "element") int element) {
        return Adapter.tryNow(queue.put(element), queue.core.turnstile).code() == Probe.EMPTY;
    }

    /** Takes, and gives up where that would need a wait. */
    @Operation
    public @Nullable Integer take() {
        return Adapter.tryNow(queue.take(), queue.core.turnstile).last();
    }

    @Operation
    public void close() {
        queue.close();
    }

    @Operation
    public boolean isClosed() {
        return queue.isClosed();
    }

    @Test
    void behavesAsADequeInEveryInterleavingTried() {
        Lincheck.modelCheck(Queue2LincheckTest.class, Specification.class);
    }

    @Test
    void behavesAsADequeOnRealThreads() {
        Lincheck.stress(Queue2LincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        private final Deque<Integer> elements = new ArrayDeque<>();
        private boolean closed;

        public boolean tryPut(int element) {
            return !closed && elements.size() < 2 && elements.add(element);
        }

        public @Nullable Integer tryTake() {
            return elements.poll();
        }

        public boolean put(int element) {
            return tryPut(element);
        }

        public @Nullable Integer take() {
            return elements.poll();
        }

        public void close() {
            closed = true;
        }

        public boolean isClosed() {
            return closed;
        }
    }
}
