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
 * The guard's tick ends, while a call comes that ends it early.
 *
 * <p>Allowed: the guard is the searcher. Forbidden: it takes itself for relieved, and the role is held by nobody for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one searcher")
@Outcome(expect = FORBIDDEN, desc = "no searcher")
public class SubmitGuardRace {
    private final Pool pool = Probe.withoutThreads(2, 1);
    private final Probe job = Probe.queued(pool);

    public SubmitGuardRace() {
        pool.search.take();
    }

    @Actor
    public void guard(II_Result r) {
        r.r1 = pool.search.guard(pool.slots[0], 1, true) ? 1 : 0;
    }

    @Actor
    public void submit() {
        pool.enqueue(job);
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pool.search.hasSearcher() ? 1 : 0;
    }
}
