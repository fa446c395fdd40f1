package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.publisher.Mono;

/**
 * A section is requested, and so asks for the free permit, by two threads at once, one of which then cancels it. Its body never
 * ends by itself. (Two requests at once are against the rules; a semaphore that others share must survive them.)
 *
 * <p>Allowed: the permit is free at the end, nobody waits, and the body was entered once or not at all. Forbidden: a cancelled
 * section waits or holds the permit, for ever; the body was entered twice; the permit was given back twice.
 */
@JCStressTest
@State
@Outcome(
        id = {"0, 1, 0", "1, 1, 0"},
        expect = ACCEPTABLE,
        desc = "it is gone, and the permit is free")
@Outcome(expect = FORBIDDEN, desc = "a cancelled section waits or holds, or the permit is lost or doubled")
public class WithPermitRequestCancelRace {
    private final AsyncSemaphore semaphore = AsyncSemaphore.of(1);
    private final AtomicInteger entered = new AtomicInteger();
    private final Probe<Integer> section = new Probe<>(0);

    public WithPermitRequestCancelRace() {
        semaphore
                .withPermit(Mono.<Integer>never().doOnSubscribe(s -> entered.incrementAndGet()))
                .subscribe(section);
    }

    @Actor
    public void request() {
        section.request(1);
    }

    @Actor
    public void requestAndCancel() {
        section.request(1);
        section.cancel();
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = entered.get();
        r.r2 = semaphore.available();
        r.r3 = semaphore.waiting() + (section.code() == Probe.NOTHING ? 0 : 10);
    }
}
