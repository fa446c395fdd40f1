package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.RejectedExecutionException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import reactor.core.Disposable;

/**
 * A task is scheduled on a scheduler's worker that is being disposed of.
 *
 * <p>Allowed: it is refused or cancelled. Forbidden: it is left to run, or keeps its place.
 */
@JCStressTest
@State
@Outcome(
        id = {"0, 0", "1, 0"},
        expect = ACCEPTABLE,
        desc = "refused, or cancelled")
@Outcome(expect = FORBIDDEN, desc = "it outlives its worker")
public class WorkerDisposeRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final SerialWorker worker = new SerialWorker(pool, new PoolScheduler(pool, false));

    @Actor
    public void schedule(II_Result r) {
        try {
            Disposable task = worker.schedule(() -> {});
            r.r1 = task == null ? 9 : 1;
        } catch (RejectedExecutionException refused) {
            r.r1 = 0;
        }
    }

    @Actor
    public void dispose() {
        worker.dispose();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = pool.admitted();
    }
}
