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

/**
 * Two threads run a turn each: one goes in, the other publishes while the first is on its way out.
 *
 * <p>Allowed: both turns ran, one after the other, and both waiters were signalled once. Forbidden: a turn fewer (left
 * with a holder that had looked already: a lost wake-up for ever), a sum below two (both inside at once), a waiter
 * signalled twice or not at all.
 */
@JCStressTest
@State
@Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "both ran alone, both were signalled outside")
@Outcome(expect = FORBIDDEN, desc = "a turn was lost, ran beside another, or signalled wrongly")
public class TurnstilePublishExitRace {
    private final Turnstile turnstile = new Turnstile();
    private final AtomicInteger signalled = new AtomicInteger();
    private int ran; // plain on purpose: only exclusion makes the sum right
    private int inside;
    private int overlaps;

    private void run() {
        turnstile.run(new Turn() {
            @Override
            void take() {
                if (++inside != 1) {
                    overlaps++;
                }
                ran++;
                turnstile.ready(new Waiter(turnstile) {
                    @Override
                    void take() {}

                    @Override
                    void signal() {
                        signalled.incrementAndGet();
                    }
                });
                inside--;
            }
        });
    }

    @Actor
    public void first() {
        run();
    }

    @Actor
    public void second() {
        run();
    }

    @Arbiter
    public void end(III_Result r) {
        turnstile.enter();
        r.r1 = ran;
        r.r3 = overlaps;
        turnstile.exit();
        r.r2 = signalled.get();
    }
}
