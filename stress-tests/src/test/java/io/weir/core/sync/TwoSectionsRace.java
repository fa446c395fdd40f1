package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * Two threads each run a section of one lock that counts with a plain field.
 *
 * <p>Allowed: both have counted. Forbidden: a count is lost, for then both were inside at once, or the first's writes
 * were not seen by the second; or a section never ran.
 */
@JCStressTest
@State
@Outcome(id = "2, 33, 1", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(expect = FORBIDDEN, desc = "two were inside, or the lock was lost")
public class TwoSectionsRace {
    private final AsyncLock lock = AsyncLock.create();
    private final Probe<Void> first = new Probe<>();
    private final Probe<Void> second = new Probe<>();
    private int count;

    private void section(Probe<Void> probe) {
        lock.<Void>withLock(Mono.fromRunnable(() -> count = count + 1)).subscribe(probe);
    }

    @Actor
    public void first() {
        section(first);
    }

    @Actor
    public void second() {
        section(second);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = count;
        r.r2 = first.code() * 10 + second.code();
        r.r3 = lock.isLocked() ? 0 : 1;
    }
}
