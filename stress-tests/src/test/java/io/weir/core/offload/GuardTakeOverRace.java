package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The guard's tick ends, while another worker has run out of work and wants to take over.
 *
 * <p>Allowed: one of the two is the searcher. Forbidden: both, or neither, with the role taken for ever.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 0, 1", "0, 1, 1"},
        expect = ACCEPTABLE,
        desc = "one searcher")
@Outcome(expect = FORBIDDEN, desc = "two searchers or none")
public class GuardTakeOverRace {
    private final Pool pool = Probe.withoutThreads(2, 1);

    public GuardTakeOverRace() {
        pool.search.take();
    }

    @Actor
    public void guard(III_Result r) {
        r.r1 = pool.search.guard(pool.slots[0], 1, true) ? 1 : 0;
    }

    @Actor
    public void other(III_Result r) {
        r.r2 = pool.search.take() ? 1 : 0;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r3 = pool.search.hasSearcher() ? 1 : 0;
    }
}
