package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two workers go idle, the searcher first, while a call comes.
 *
 * <p>Allowed: one of them is woken. Forbidden: none, and the call waits; or both for one call.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one is woken")
@Outcome(expect = FORBIDDEN, desc = "the wakeup is lost, or given twice")
public class TwoParkSubmitRace {
    private final Pool pool = Probe.withoutThreads(2, 1);
    private final Probe job = Probe.queued(pool);

    public TwoParkSubmitRace() {
        pool.search.take();
    }

    @Actor
    public void park() {
        pool.search.rest();
        pool.slots[0].goIdle();
        pool.slots[1].goIdle();
    }

    @Actor
    public void submit() {
        pool.enqueue(job);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = (pool.slots[0].isAwake() ? 1 : 0) + (pool.slots[1].isAwake() ? 1 : 0);
        r.r2 = pool.search.hasSearcher() ? 1 : 0;
    }
}
