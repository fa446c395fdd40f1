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
 * Two takes wait; one thread puts, another cancels the first.
 *
 * <p>Allowed: the first has the element and the second waits on; or the second has it. Forbidden: nobody has it while
 * the second waits: a wake-up that went to the cancelled one and was not passed on.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "delivered to the first")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "passed to the second")
@Outcome(expect = FORBIDDEN, desc = "the wake-up was lost")
public class TakeCancelNextTakerRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();

    public TakeCancelNextTakerRace() {
        queue.take().subscribe(first);
        queue.take().subscribe(second);
    }

    @Actor
    public void put() {
        queue.tryPut(7);
    }

    @Actor
    public void cancel() {
        first.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = queue.core.takers.size() + queue.size() * 10;
    }
}
