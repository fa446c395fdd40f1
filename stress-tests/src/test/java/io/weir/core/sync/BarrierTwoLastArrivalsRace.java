package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One waits at a barrier for two, and two arrive at once.
 *
 * <p>Allowed: the first passes with place 0 and one of the two with place 1; the other waits in the next round. Forbidden:
 * all pass, a place is given twice, or the other waits in no line.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "one of the two completes the round")
@Outcome(expect = FORBIDDEN, desc = "the round was torn")
public class BarrierTwoLastArrivalsRace {
    private final AsyncBarrier barrier = AsyncBarrier.of(2);
    private final Probe<Integer> first = new Probe<>();
    private final Probe<Integer> second = new Probe<>();
    private final Probe<Integer> third = new Probe<>();

    public BarrierTwoLastArrivalsRace() {
        barrier.await().subscribe(first);
    }

    @Actor
    public void arrive() {
        barrier.await().subscribe(second);
    }

    @Actor
    public void arriveToo() {
        barrier.await().subscribe(third);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code() == Probe.VALUE ? Objects.requireNonNull(first.last()) : 10 + first.code();
        Probe<Integer> passed = second.hasEnded() ? second : third;
        Probe<Integer> other = passed == second ? third : second;
        r.r2 = passed.code() == Probe.VALUE ? Objects.requireNonNull(passed.last()) : 10 + passed.code();
        r.r3 = barrier.waiting() + 10 * other.code();
    }
}
