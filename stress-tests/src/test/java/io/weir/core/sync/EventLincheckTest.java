package io.weir.core.sync;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * The event against a flag: each thread has two places at which it waits, and looks later what became of that.
 */
@Param(name = "place", gen = IntGen.class, conf = "0:1")
public class EventLincheckTest {
    private final AsyncEvent event = AsyncEvent.create();
    private final List<Slot<Void>> first = List.of(new Slot<>(), new Slot<>());
    private final List<Slot<Void>> second = List.of(new Slot<>(), new Slot<>());

    @Operation
    public void set() {
        event.set();
    }

    @Operation
    public void clear() {
        event.clear();
    }

    @Operation
    public boolean isSet() {
        return event.isSet();
    }

    @Operation(nonParallelGroup = "first")
    public boolean await(@Param(name = "place") int place) {
        return first.get(place).start(event.await());
    }

    @Operation(nonParallelGroup = "second")
    public boolean awaitAtTheOther(@Param(name = "place") int place) {
        return second.get(place).start(event.await());
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
    public boolean leave(@Param(name = "place") int place) {
        return first.get(place).leave();
    }

    @Operation(nonParallelGroup = "second")
    public boolean leaveTheOther(@Param(name = "place") int place) {
        return second.get(place).leave();
    }

    @Test
    void behavesAsAFlagInEveryInterleavingTried() {
        Lincheck.modelCheck(EventLincheckTest.class, Specification.class);
    }

    @Test
    void behavesAsAFlagOnRealThreads() {
        Lincheck.stress(EventLincheckTest.class, Specification.class);
    }

    /** What it must be like. */
    public static class Specification {
        private final Map<Integer, Integer> told = new HashMap<>();
        private boolean set;

        public void set() {
            set = true;
            told.replaceAll((place, before) -> Probe.EMPTY);
        }

        public void clear() {
            set = false;
        }

        public boolean isSet() {
            return set;
        }

        public boolean await(int place) {
            return told.putIfAbsent(place, set ? Probe.EMPTY : Probe.NOTHING) == null;
        }

        public int look(int place) {
            return told.getOrDefault(place, Slot.FREE);
        }

        public boolean leave(int place) {
            Integer code = told.remove(place);
            return code != null && code == Probe.NOTHING;
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
