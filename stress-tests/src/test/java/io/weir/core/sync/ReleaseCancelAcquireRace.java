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
 * One acquire waits. The permit is released, while another thread cancels that acquire and then comes for the permit
 * itself.
 *
 * <p>Allowed: the first has it and the second waits; or the second has it. Forbidden: nobody has it and the second waits
 * beside a free permit, or the permit is lost; both have it.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first was served")
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "passed to the second")
@Outcome(expect = FORBIDDEN, desc = "the permit was lost, doubled or kept from who waits")
public class ReleaseCancelAcquireRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Permit held = Objects.requireNonNull(semaphore.tryAcquire());
    private final Probe<Permit> first = new Probe<>();
    private final Probe<Permit> second = new Probe<>();

    public ReleaseCancelAcquireRace() {
        semaphore.acquire().subscribe(first);
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void cancelAndAcquire() {
        first.cancel();
        semaphore.acquire().subscribe(second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = first.code();
        r.r2 = second.code();
        r.r3 = semaphore.waiting() + semaphore.available() * 10;
    }
}
