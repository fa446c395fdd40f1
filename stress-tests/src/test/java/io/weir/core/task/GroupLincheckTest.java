package io.weir.core.task;

import io.weir.core.CapturedTimer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A group's state against two variables: how many tasks there are, and whether it takes more.
 *
 * <p>A cancel takes the tasks one by one, and says so; that it is not one step is why {@code size} is asked by the thread that cancels,
 * and {@code complete} returns nothing.
 */
public class GroupLincheckTest {
    private static final int ITERATIONS = Integer.getInteger("weir.lincheck.iterations", 5);
    private static final int MAX_TASKS = 2;

    static {
        CapturedTimer.install();
    }

    private final TaskGroup group = TaskGroup.supervisor().maxTasks(MAX_TASKS).open();
    private final Deque<HandFed> started = new ArrayDeque<>();

    @Operation(nonParallelGroup = "tasks")
    public boolean start() {
        HandFed source = new HandFed();
        try {
            group.start("t", source);
        } catch (TaskRejectedException e) {
            return false;
        }
        started.add(source);
        return true;
    }

    /** The oldest that was started ends, unless it was cancelled. */
    @Operation(nonParallelGroup = "tasks")
    public void complete() {
        HandFed source = started.poll();
        if (source != null) {
            source.succeed();
        }
    }

    @Operation(nonParallelGroup = "owner")
    public void cancel() {
        group.cancel("test");
    }

    @Operation(nonParallelGroup = "owner")
    public void close() {
        group.close().subscribe();
    }

    @Operation(nonParallelGroup = "owner")
    public int size() {
        return group.size();
    }

    @Operation
    public boolean isOpen() {
        return group.isOpen();
    }

    @Test
    void behavesAsTwoVariablesInEveryInterleavingTried() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(Specification.class)
                .check(GroupLincheckTest.class);
    }

    @Test
    void behavesAsTwoVariablesOnRealThreads() {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(1_000)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .sequentialSpecification(Specification.class)
                .check(GroupLincheckTest.class);
    }

    /** What it must be like. */
    public static class Specification {
        private boolean open = true;
        private int size;
        private int cancelled;

        public boolean start() {
            if (!open || size == MAX_TASKS) {
                return false;
            }
            size++;
            return true;
        }

        public void complete() {
            if (size > 0) {
                size--;
            } else if (cancelled > 0) {
                cancelled--;
            }
        }

        public void cancel() {
            open = false;
            cancelled += size;
            size = 0;
        }

        public void close() {
            open = false;
        }

        public int size() {
            return size;
        }

        public boolean isOpen() {
            return open;
        }
    }
}
