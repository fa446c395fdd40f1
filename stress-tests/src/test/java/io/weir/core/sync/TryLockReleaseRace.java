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
 * A task waits for a lock; its holder releases it while another thread tries for it.
 *
 * <p>Allowed: the one who waits has it. Forbidden: the try overtook it, or nobody has it.
 */
@JCStressTest
@State
@Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the one who waited")
@Outcome(expect = FORBIDDEN, desc = "the try overtook who waited, or the lock was lost")
public class TryLockReleaseRace {
    private final AsyncLock lock = AsyncLock.create();
    private final Permit held = Objects.requireNonNull(lock.tryLock());
    private final Probe<Permit> waiting = new Probe<>();
    private int tried;

    public TryLockReleaseRace() {
        lock.lock().subscribe(waiting);
    }

    @Actor
    public void release() {
        held.release();
    }

    @Actor
    public void tryLock() {
        tried = lock.tryLock() == null ? 0 : 1;
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = waiting.code();
        r.r2 = tried;
        r.r3 = lock.waiting();
    }
}
