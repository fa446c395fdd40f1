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
 * A task waits for an event that another thread sets and clears at once, while a second one starts to wait.
 *
 * <p>Allowed: the first is told; the second is told, or has come after the clear and waits. Forbidden: the first missed the
 * moment; somebody is told twice; the event remained set.
 */
@JCStressTest
@State
@Outcome(id = "3, 3, 0", expect = ACCEPTABLE, desc = "both were told")
@Outcome(id = "3, 0, 1", expect = ACCEPTABLE, desc = "the second came after the clear, and stands in the line")
@Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or came twice")
public class EventPulseAwaitRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public EventPulseAwaitRace() {
        event.await().subscribe(first);
    }

    @Actor
    public void setAndClear() {
        event.set();
        event.clear();
    }

    @Actor
    public void await() {
        event.await().subscribe(second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = event.waiting() + (event.isSet() ? 10 : 0);
    }
}
