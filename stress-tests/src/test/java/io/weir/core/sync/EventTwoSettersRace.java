package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task waits for an event that two threads set.
 *
 * <p>Allowed: it is told once. Forbidden: twice, or never.
 */
@JCStressTest
@State
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "once")
@Outcome(expect = FORBIDDEN, desc = "the wake-up was lost, or came twice")
public class EventTwoSettersRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> await = new Probe<>();

    public EventTwoSettersRace() {
        event.await().subscribe(await);
    }

    @Actor
    public void first() {
        event.set();
    }

    @Actor
    public void second() {
        event.set();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = await.code();
        r.r2 = event.waiting();
    }
}
