package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One thread goes in and out by hand, as tryPut and tryTake do; the other leaves a turn or runs it.
 *
 * <p>Allowed: the turn ran, and the turnstile is free afterwards. Forbidden: the turn stays with a holder that has left,
 * or the turnstile stays held, and everybody after spins for ever.
 */
@JCStressTest
@State
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both were inside, and it is free")
@Outcome(expect = FORBIDDEN, desc = "a turn was left behind, or the turnstile stayed held")
public class TurnstileEnterPublishRace {
    private final Turnstile turnstile = new Turnstile();
    private int inside;

    @Actor
    public void byHand() {
        turnstile.enter();
        inside++;
        turnstile.exit();
    }

    @Actor
    public void byTurn() {
        turnstile.run(new Turn() {
            @Override
            void take() {
                inside++;
            }
        });
    }

    @Arbiter
    public void end(II_Result r) {
        boolean free = turnstile.tryEnter();
        r.r1 = inside;
        r.r2 = free ? 1 : 0;
    }
}
