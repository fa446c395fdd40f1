package io.weir.core.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads report one element done.
 *
 * <p>Allowed: one of them is told that it was once too often. Forbidden: both pass (the count is below zero, and a later
 * join ends too early or never), or neither does.
 */
@JCStressTest
@State
@Outcome(
        id = {"1, 0", "0, 1"},
        expect = ACCEPTABLE,
        desc = "one was too many")
@Outcome(expect = FORBIDDEN, desc = "the count went wrong")
public class TwoTaskDoneRace {
    private final AsyncQueue<Integer> queue = AsyncQueue.bounded(1);

    public TwoTaskDoneRace() {
        queue.tryPut(7);
        queue.tryTake();
    }

    private int taskDone() {
        try {
            queue.taskDone();
            return 1;
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    @Actor
    public void one(II_Result r) {
        r.r1 = taskDone();
    }

    @Actor
    public void other(II_Result r) {
        r.r2 = taskDone();
    }
}
