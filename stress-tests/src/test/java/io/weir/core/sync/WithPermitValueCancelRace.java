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
import reactor.core.publisher.Mono;

/**
 * The body of a section emits its value and completes while the section is cancelled.
 *
 * <p>Allowed: the value was emitted, or went to the discard hook; the permit is free. Forbidden: neither (a leak, where
 * the value is a buffer or a connection), or both.
 */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "emitted or discarded, once")
@Outcome(expect = FORBIDDEN, desc = "the value leaked, or is in two places")
public class WithPermitValueCancelRace {
    private final AtomicInteger discarded = new AtomicInteger();
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final Source body = new Source();
    private final Probe<Integer> section = new Probe<>(element -> discarded.incrementAndGet());

    public WithPermitValueCancelRace() {
        semaphore.withPermit(Mono.fromDirect(body)).subscribe(section);
    }

    @Actor
    public void emit() {
        body.emit(7);
        if (!body.isCancelled()) { // as a source does that has seen the cancel
            body.complete();
        }
    }

    @Actor
    public void cancel() {
        section.cancel();
    }

    @Arbiter
    public void end(II_Result r) {
        r.r1 = section.count() + discarded.get() + (section.isBroken() ? 10 : 0);
        r.r2 = semaphore.available();
    }
}
