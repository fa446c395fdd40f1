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
 * A task starts to wait for an event while another thread sets it.
 *
 * <p>Allowed: it completes. Forbidden: it waits beside an event that is set.
 */
@JCStressTest
@State
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "completed")
@Outcome(expect = FORBIDDEN, desc = "the wake-up was lost, or came twice")
public class EventSetAwaitRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> await = new Probe<>();

    @Actor
    public void await() {
        event.await().subscribe(await);
    }

    @Actor
    public void set() {
        event.set();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = await.code();
        r.r2 = event.waiting();
    }
}
