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
 * A call is handed to a pool that is closed at once, and that has no free worker.
 *
 * <p>Allowed: it is refused, at the door or in the queue. Forbidden: it stays in the queue, where nobody will ever look.
 */
@JCStressTest
@State
@Outcome(
        id = {"0, 0, 0", "3, 0, 0"},
        expect = ACCEPTABLE,
        desc = "refused")
@Outcome(expect = FORBIDDEN, desc = "left in the queue")
public class CloseNowSubmitRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final Probe job = new Probe(pool);

    @Actor
    public void submit() {
        try {
            pool.enter();
        } catch (OffloadRejectedException closed) {
            return;
        }
        job.enqueued();
        pool.enqueue(job);
    }

    @Actor
    public void close() {
        pool.closeNow();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = job.code();
        r.r2 = pool.queue.length();
        r.r3 = pool.admitted();
    }
}
