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
 * Two tasks wait for an event; it is set while another thread cancels the first.
 *
 * <p>Allowed: the second is told; the first is, or is not. Forbidden: the second is not, or one is told twice, or stands in
 * the line in the end.
 */
@JCStressTest
@State
@Outcome(id = "3, 3, 0", expect = ACCEPTABLE, desc = "both were told")
@Outcome(id = "0, 3, 0", expect = ACCEPTABLE, desc = "the first was gone")
@Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or came twice")
public class EventSetCancelRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();

    public EventSetCancelRace() {
        event.await().subscribe(first);
        event.await().subscribe(second);
    }

    @Actor
    public void set() {
        event.set();
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = event.waiting();
    }
}
