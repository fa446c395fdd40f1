package io.weir.core.coroutine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A body that awaits is cancelled, while what it awaits gives its subscription on another thread.
 *
 * <p>Allowed: the subscription is cancelled. Forbidden: it goes on without anybody who waits, or is cancelled twice.
 */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "cancelled")
@Outcome(expect = FORBIDDEN, desc = "the subscription leaks, or the thread keeps the flag")
public class AwaitSubscribeCancelRace {
    private final Witness witness = new Witness();
    private final HandFed late = new HandFed();
    private final AtomicReference<@Nullable CoreSubscriber<? super Integer>> waiting = new AtomicReference<>();
    private final Mono<Integer> source = new Mono<>() {
        @Override
        public void subscribe(CoreSubscriber<? super Integer> actual) {
            waiting.set(actual);
        }
    };
    private final Body body = new Body(witness, () -> Coroutine.await(source));

    @Actor
    public void run(III_Result r) {
        body.run();
        r.r3 = Thread.interrupted() ? 1 : 0;
    }

    @Actor
    public void cancelAndSubscribe() {
        CoreSubscriber<? super Integer> met = waiting.get();
        while (met == null) {
            Thread.onSpinWait();
            met = waiting.get();
        }
        body.cancel();
        met.onSubscribe(late);
    }

    @Arbiter
    public void end(III_Result r) {
        r.r1 = witness.told();
        r.r2 = late.cancelled.get();
    }
}
