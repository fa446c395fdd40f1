package io.weir.core.offload;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A call comes and goes while its pool is closed.
 *
 * <p>Allowed: it was let in or not, and the pool has terminated, which was told once. Forbidden: a pool that never terminates, or that
 * terminates while the call is in it.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 1", "0, 1"},
        expect = ACCEPTABLE,
        desc = "let in or refused, and terminated")
@Outcome(expect = FORBIDDEN, desc = "terminated too early, twice or never")
public class CloseSubmitRace {
    private final Pool pool = Probe.withoutThreads(1, 1);
    private final AtomicInteger terminated = new AtomicInteger();

    public CloseSubmitRace() {
        pool.terminated().subscribe(x -> {}, e -> {}, terminated::incrementAndGet);
    }

    @Actor
    public void submit(II_Result r) {
        try {
            pool.enter();
        } catch (OffloadRejectedException closed) {
            return;
        }
        r.r1 = terminated.get() == 0 ? 1 : 9;
        pool.leave();
    }

    @Actor
    public void close() {
        pool.close();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r2 = terminated.get();
    }
}
