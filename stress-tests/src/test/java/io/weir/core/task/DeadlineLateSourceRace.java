package io.weir.core.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.weir.core.CapturedTimer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * A source brings its Subscription late, while the subscriber asks for more.
 *
 * <p>Allowed: it is asked for all that was requested. Forbidden: a request is lost.
 */
@JCStressTest
@State
@Outcome(id = "3", expect = ACCEPTABLE, desc = "all of it")
@Outcome(expect = FORBIDDEN, desc = "a request is lost")
public class DeadlineLateSourceRace {
    static {
        CapturedTimer.install();
    }

    private final AtomicLong asked = new AtomicLong();
    private final Witness<Integer> told = new Witness<>(1);
    private @Nullable CoreSubscriber<? super Integer> late;

    public DeadlineLateSourceRace() {
        Deadline.within(Duration.ofHours(1), new Flux<Integer>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super Integer> actual) {
                        late = actual;
                    }
                })
                .subscribe(told);
    }

    @Actor
    public void subscribe() {
        Objects.requireNonNull(late).onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                asked.addAndGet(n);
            }

            @Override
            public void cancel() {}
        });
    }

    @Actor
    public void request() {
        told.request(2);
    }

    @Arbiter
    public void end(J_Result r) {
        r.r1 = asked.get();
    }
}
