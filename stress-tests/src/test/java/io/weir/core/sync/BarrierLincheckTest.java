package io.weir.core.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * The barrier of two against a list of those who have come: each thread has two places at which it waits, and looks later
 * what became of that.
 */
@Param(name = "place", gen = IntGen.class, conf = "0:1")
public class BarrierLincheckTest {
    private static final int PARTIES = 2;

    /** Told the place in the round, which is added. */
    private static final int PASSED = 10;

    private final AsyncBarrier barrier = AsyncBarrier.of(PARTIES);
    private final List<Slot<Integer>> first = List.of(new Slot<>(), new Slot<>());
    private final List<Slot<Integer>> second = List.of(new Slot<>(), new Slot<>());

    @Operation
    public void abort() {
        barrier.abort();
    }

    @Operation
    public void reset() {
        barrier.reset();
    }

    @Operation
    public boolean isBroken() {
        return barrier.isBroken();
    }

    @Operation(nonParallelGroup = "first")
    public boolean await(@Param(name = "place") int place) {
        return first.get(place).start(barrier.await());
    }

    @Operation(nonParallelGroup = "second")
    public boolean awaitAtTheOther(@Param(name = "place") int place) {
        return second.get(place).start(barrier.await());
    }

    @Operation(nonParallelGroup = "first")
    public int look(@Param(name = "place") int place) {
        return look(first.get(place));
    }

    @Operation(nonParallelGroup = "second")
    public int lookAtTheOther(@Param(name = "place") int place) {
        return look(second.get(place));
    }

    @Operation(nonParallelGroup = "first")
    public boolean leave(@Param(name = "place") int place) {
        return first.get(place).leave();
    }

    @Operation(nonParallelGroup = "second")
    public boolean leaveTheOther(@Param(name = "place") int place) {
        return second.get(place).leave();
    }

    private static int look(Slot<Integer> slot) {
        int code = slot.look();
        return code == Probe.VALUE ? PASSED + slot.element() : code;
    }

    @Test
    void behavesAsAListInEveryInterleavingTried() {
        Lincheck.modelCheck(BarrierLincheckTest.class, Specification.class);
    }

    @Test
    void behavesAsAListOnRealThreads() {
        Lincheck.stress(BarrierLincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        private final Map<Integer, Integer> told = new HashMap<>();
        private final List<Integer> round = new ArrayList<>();
        private boolean broken;

        public void abort() {
            broken = true;
            fail();
        }

        public void reset() {
            broken = false;
            fail();
        }

        public boolean isBroken() {
            return broken;
        }

        public boolean await(int place) {
            if (told.containsKey(place)) {
                return false;
            }
            told.put(place, broken ? Probe.ERROR : Probe.NOTHING);
            if (!broken) {
                arrive(place);
            }
            return true;
        }

        public int look(int place) {
            return told.getOrDefault(place, Slot.FREE);
        }

        private void arrive(int place) {
            round.add(place);
            if (round.size() == PARTIES) {
                round.forEach(passed -> told.put(passed, PASSED + round.indexOf(passed)));
                round.clear();
            }
        }

        private void fail() {
            round.forEach(failed -> told.put(failed, Probe.ERROR));
            round.clear();
        }

        public boolean leave(int place) {
            told.remove(place);
            return round.remove((Integer) place);
        }

        public boolean awaitAtTheOther(int place) {
            return await(place + 2);
        }

        public int lookAtTheOther(int place) {
            return look(place + 2);
        }

        public boolean leaveTheOther(int place) {
            return leave(place + 2);
        }
    }
}
