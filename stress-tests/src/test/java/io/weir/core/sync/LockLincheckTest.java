package io.weir.core.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * The lock against a line: each thread has two places from which it asks, so that waits go on while other operations run, and
 * the order in which the lock is handed on shows.
 */
@Param(name = "place", gen = IntGen.class, conf = "0:1")
public class LockLincheckTest {
    private final AsyncLock lock = AsyncLock.create();
    private final List<Slot<Permit>> first = List.of(new Slot<>(), new Slot<>());
    private final List<Slot<Permit>> second = List.of(new Slot<>(), new Slot<>());

    @Operation(nonParallelGroup = "first")
    public boolean lock(@Param(name = "place") int place) {
        return first.get(place).start(lock.lock());
    }

    @Operation(nonParallelGroup = "second")
    public boolean lockFromTheOther(@Param(name = "place") int place) {
        return second.get(place).start(lock.lock());
    }

    @Operation(nonParallelGroup = "first")
    public int look(@Param(name = "place") int place) {
        return first.get(place).look();
    }

    @Operation(nonParallelGroup = "second")
    public int lookAtTheOther(@Param(name = "place") int place) {
        return second.get(place).look();
    }

    @Operation(nonParallelGroup = "first")
    public boolean tryLock(@Param(name = "place") int place) {
        return tryLock(first.get(place));
    }

    @Operation(nonParallelGroup = "second")
    public boolean tryLockFromTheOther(@Param(name = "place") int place) {
        return tryLock(second.get(place));
    }

    @Operation(nonParallelGroup = "first")
    public boolean leave(@Param(name = "place") int place) {
        return first.get(place).leave(Permit::release);
    }

    @Operation(nonParallelGroup = "second")
    public boolean leaveTheOther(@Param(name = "place") int place) {
        return second.get(place).leave(Permit::release);
    }

    private boolean tryLock(Slot<Permit> slot) {
        Permit permit = slot.isFree() ? lock.tryLock() : null;
        return permit != null && slot.start(Mono.just(permit));
    }

    @Test
    void behavesAsALineInEveryInterleavingTried() {
        Lincheck.modelCheck(LockLincheckTest.class, Specification.class);
    }

    @Test
    void behavesAsALineOnRealThreads() {
        Lincheck.stress(LockLincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        /** Whoever has the lock, and behind it those who wait. The other thread's places are 2 and 3. */
        private final Deque<Integer> line = new ArrayDeque<>();

        public boolean lock(int place) {
            return !line.contains(place) && line.add(place);
        }

        public int look(int place) {
            if (!line.contains(place)) {
                return Slot.FREE;
            }
            return line.element() == place ? Probe.VALUE : Probe.NOTHING;
        }

        public boolean tryLock(int place) {
            return line.isEmpty() && line.add(place);
        }

        public boolean leave(int place) {
            boolean waits = line.contains(place) && line.element() != place;
            line.remove(place);
            return waits;
        }

        public boolean lockFromTheOther(int place) {
            return lock(place + 2);
        }

        public int lookAtTheOther(int place) {
            return look(place + 2);
        }

        public boolean tryLockFromTheOther(int place) {
            return tryLock(place + 2);
        }

        public boolean leaveTheOther(int place) {
            return leave(place + 2);
        }
    }
}
