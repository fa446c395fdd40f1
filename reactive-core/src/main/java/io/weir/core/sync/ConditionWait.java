package io.weir.core.sync;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * {@link AsyncCondition#await(Permit)}: waits in the condition's line, and then in the lock's.
 *
 * <pre>
 * NEW ──► WAITING in the condition's line ──signal──► NEW ──► WAITING in the lock's line ──► DELIVERED
 *  │                    └──► CANCELLED                                  ├──► CANCELLED: the signal goes to the next
 *  └──► FAILED: the permit was not held                                 └──► DELIVERED: the lock was free
 * </pre>
 *
 * <p>The permit is lent in the turn that joins the line, so nobody can signal between. It is renewed before {@code asking} decides
 * between the lock's arrival and a cancel: who cancels may release the permit after, and must find it renewed, or find it
 * lent and make the renewal fail; either way the lock goes back once.
 */
final class ConditionWait extends WeightedWaiter implements Subscription, Scannable {
    private final AsyncCondition condition;
    private final Permit permit;
    private final CoreSubscriber<? super Void> subscriber;
    private final Asking asking = new Asking();

    // Inside only: whether it was woken by a signal for one, which must not get lost.
    private boolean owesSignal;

    ConditionWait(AsyncCondition condition, Permit permit, CoreSubscriber<? super Void> subscriber) {
        super(condition.semaphore, 1);
        this.condition = condition;
        this.permit = permit;
        this.subscriber = subscriber;
    }

    void start() {
        if (permit.semaphore != condition.semaphore) {
            if (asking.begin() && asking.end()) {
                subscriber.onError(new IllegalArgumentException("the permit is not one of this condition's lock"));
            }
        } else if (asking.begin()) {
            condition.semaphore.turnstile.run(this);
        }
    }

    @Override
    void take() {
        if (state != State.NEW) {
            return;
        }
        if (permit.lend()) {
            waitIn(condition.waiters);
            condition.semaphore.giveBack(weight);
        } else {
            end(State.FAILED);
        }
    }

    /** Inside: goes on to the lock's line. */
    void wake(boolean signalledAlone) {
        condition.waiters.remove(this);
        state = State.NEW;
        owesSignal = signalledAlone;
        condition.semaphore.admit(this, weight, null);
    }

    @Override
    void signal() {
        boolean granted = state == State.DELIVERED;
        boolean renewed = granted && permit.renew();
        if (asking.end()) {
            if (renewed) {
                subscriber.onComplete();
                return;
            }
            if (granted) {
                backOut();
            }
            subscriber.onError(new IllegalStateException(
                    granted ? "the permit was released while it waited for a condition" : "the permit is not held"));
        } else if (renewed) {
            permit.release(); // cancelled when the lock was on its way; whoever releases, it is once
            passOn();
        } else if (granted) {
            backOut();
        }
    }

    /** The lock came, and the permit cannot take it. */
    private void backOut() {
        condition.semaphore.release(weight);
        passOn();
    }

    private void passOn() {
        condition.semaphore.turnstile.run(new Turn() {
            @Override
            void take() {
                passSignal();
            }
        });
    }

    private void passSignal() {
        if (owesSignal) {
            owesSignal = false;
            condition.signalOne();
        }
    }

    @Override
    public void request(long n) {
        Operators.validate(n); // completes without demand
    }

    @Override
    public void cancel() {
        if (asking.cancel()) {
            condition.semaphore.turnstile.run(new Turn() {
                @Override
                void take() {
                    if (withdraw()) {
                        passSignal();
                    }
                }
            });
        }
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        return asking.scan(key, subscriber, "condition.await");
    }
}
