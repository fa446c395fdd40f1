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
 * The searcher, who has found nothing, gives up and goes idle, while a call comes.
 *
 * <p>Allowed: the worker has been woken, as the searcher. Forbidden: the call waits, the worker is idle, and nobody will look.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "woken")
@Outcome(expect = FORBIDDEN, desc = "the wakeup is lost")
public class SubmitParkRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final Probe job = Probe.queued(pool);

    public SubmitParkRace() {
        pool.search.take();
    }

    @Actor
    public void park() {
        pool.search.rest();
        pool.slots[0].goIdle();
    }

    @Actor
    public void submit() {
        pool.enqueue(job);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = pool.slots[0].isAwake() ? 1 : 0;
        r.r2 = pool.search.hasSearcher() ? 1 : 0;
    }
}
