package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A task waits for an event. One thread sets it; another clears it and then starts to wait.
 *
 * <p>Allowed: the first is told, whatever the clear does; the second is told, or waits, and then the event is not set.
 * Forbidden: the first waits on after a set; the second waits beside an event that is set, or is told beside one that is not.
 */
@JCStressTest
@State
@Outcome(id = "3, 3, 1", expect = ACCEPTABLE, desc = "cleared before it was set")
@Outcome(id = "3, 0, 0", expect = ACCEPTABLE, desc = "cleared after it was set")
@Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or came twice")
public class EventSetClearAwaitRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public EventSetClearAwaitRace() {
        event.await().subscribe(first);
    }

    @Actor
    public void set() {
        event.set();
    }

    @Actor
    public void clearAndAwait() {
        event.clear();
        event.await().subscribe(second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = event.isSet() ? 1 : 0;
    }
}
