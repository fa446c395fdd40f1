package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A task waits for an event with a bound, which runs out while another thread sets the event.
 *
 * <p>Allowed: it completes, or it fails. Forbidden: both, or neither.
 */
@JCStressTest
@State
@Outcome(id = "3, 0", expect = ACCEPTABLE, desc = "the event was first")
@Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "the time was first")
@Outcome(expect = FORBIDDEN, desc = "told twice, or never")
public class EventExpirySetRace {
    private final AsyncEvent event = AsyncEvent.create();
    private final Probe<Void> await = new Probe<>();
    private final Runnable expiry;

    static {
        CapturedTimer.install();
    }

    public EventExpirySetRace() {
        event.await(Duration.ofHours(1)).subscribe(await);
        expiry = CapturedTimer.last();
    }

    @Actor
    public void set() {
        event.set();
    }

    @Actor
    public void expire() {
        expiry.run();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = await.code();
        r.r2 = event.waiting();
    }
}
