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
 * A task starts to wait for an event while another thread cancels that wait.
 *
 * <p>Allowed: it stands in no line, or the cancel came before there was anything to cancel. Forbidden: cancelled, it stands in
 * the line for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "gone")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the cancel came too early")
@Outcome(expect = FORBIDDEN, desc = "a cancelled wait stands in the line")
public class EventAwaitCancelRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> await = new Probe<>();
    private boolean cancelled;

    @Actor
    public void await() {
        event.await().subscribe(await);
    }

    @Actor
    public void cancel() {
        if (await.subscription() != null) {
            cancelled = true;
            await.cancel();
        }
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = cancelled ? 1 : 0;
        r.r2 = event.waiting();
        r.r3 = await.code();
    }
}
