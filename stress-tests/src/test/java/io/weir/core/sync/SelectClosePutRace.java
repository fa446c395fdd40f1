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
 * A select waits at two queues; one is closed while an element is put to the other.
 *
 * <p>Allowed: it fails, and the element stays where it is; or it has the element. Forbidden: it fails and the element is gone; or it
 * is told both; or it stands in a line.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "served")
@Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "failed, and the element is there")
@Outcome(expect = FORBIDDEN, desc = "the element was lost, or the end was told beside it")
public class SelectClosePutRace {
    private final AsyncQueue<Integer> closed = AsyncQueue.bounded(1);
    private final AsyncQueue<Integer> open = AsyncQueue.bounded(1);
    private final Probe<Integer> select = new Probe<>();

    public SelectClosePutRace() {
        Select.<Integer>first(closed.onTake(x -> x), open.onTake(x -> x)).subscribe(select);
    }

    @Actor
    public void close() {
        closed.close();
    }

    @Actor
    public void put() {
        open.tryPut(1);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = select.code();
        r.r2 = open.size();
        r.r3 = open.core.takers.size() + closed.core.takers.size();
    }
}
