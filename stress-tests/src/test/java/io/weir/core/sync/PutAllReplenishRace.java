package io.weir.core.sync;

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
 * The source of a putAll emits while another thread takes, so that what was accepted is requested anew from both sides.
 *
 * <p>Allowed: what was requested is what was accepted and one ahead. Forbidden: less (the source is never asked again,
 * and the stream stands still) or more (the bound is passed).
 */
@JCStressTest
@State
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "asked for one more than entered")
@Outcome(expect = FORBIDDEN, desc = "the demand is not what entered")
public class PutAllReplenishRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
    private final Probe<Void> putAll = new Probe<>(element -> discarded.incrementAndGet());
    private final Source source = new Source();

    public PutAllReplenishRace() {
        queue.tryPut(0);
        queue.putAll(source).subscribe(putAll);
    }

    @Actor
    public void emit() {
        source.emit(7);
    }

    @Actor
    public void take() {
        queue.tryTake();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = source.requested();
        r.r2 = queue.size() + (putAll.code() == Probe.NOTHING ? 1 : 10) + discarded.get() * 100;
    }
}
