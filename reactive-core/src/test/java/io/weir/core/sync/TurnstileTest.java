package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final Turnstile turnstile = new Turnstile();

    private static Turn turn(Runnable action) {
        return new Turn() {
            @Override
            void take() {
                action.run();
            }
        };
    }

    @Test
    void aFreeTurnstileRunsTheTurnAtOnce() {
        List<String> order = new ArrayList<>();
        turnstile.run(turn(() -> order.add("turn")));
        order.add("after");
        assertThat(order).containsExactly("turn", "after");
    }

    @Test
    void turnsLeftWithTheHolderRunInTheOrderTheyWereLeft() {
        List<Integer> order = new ArrayList<>();
        turnstile.enter();
        for (int i = 0; i < 5; i++) {
            int number = i;
            turnstile.run(turn(() -> order.add(number)));
        }
        assertThat(order).isEmpty();
        assertThat(turnstile.tryEnter()).isFalse();
        turnstile.exit();
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        assertThat(turnstile.tryEnter()).isTrue();
        turnstile.exit();
    }

    @Test
    void aTurnLeftFromInsideATurnRunsAfterIt() {
        List<String> order = new ArrayList<>();
        turnstile.run(turn(() -> {
            turnstile.run(turn(() -> order.add("inner")));
            order.add("outer");
        }));
        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void signalsComeOutsideInTheOrderOfReadiness() {
        List<String> order = new ArrayList<>();
        turnstile.run(turn(() -> {
            turnstile.ready(waiter(() -> order.add("a, inside: " + !canEnter())));
            turnstile.ready(waiter(() -> order.add("b, inside: " + !canEnter())));
            order.add("turn");
        }));
        assertThat(order).containsExactly("turn", "a, inside: false", "b, inside: false");
    }

    @Test
    void aTurnThatThrowsLeavesTheTurnstileFree() {
        try {
            turnstile.run(turn(() -> {
                throw new IllegalStateException("a bug");
            }));
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessage("a bug");
        }
        assertThat(canEnter()).isTrue();
    }

    @Test
    void aPublishedTurnThatThrowsKeepsNobodyElseFromTheirTurnAndTheTurnstileFree() {
        List<String> order = new ArrayList<>();
        turnstile.enter();
        turnstile.run(turn(() -> {
            throw new IllegalStateException("a bug");
        }));
        turnstile.run(turn(() -> order.add("next")));
        assertThatThrownBy(turnstile::exit).hasMessage("a bug");
        assertThat(order).containsExactly("next");
        assertThat(canEnter()).isTrue();
    }

    @Test
    void manyThreadsEachGetAllTheirTurnsAndNeverTwoAtOnce() throws Exception {
        int threads = 8;
        int each = 200_000;
        int[] plain = new int[1]; // not atomic: only exclusion and publication make the sum right
        AtomicInteger signalled = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(threads);
        CountDownLatch end = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int i = 0; i < each; i++) {
                    turnstile.run(turn(() -> {
                        plain[0]++;
                        turnstile.ready(waiter(signalled::incrementAndGet));
                    }));
                }
                end.countDown();
            });
            thread.setDaemon(true);
            thread.start();
        }
        end.await();
        turnstile.enter(); // the last holder may still be on its way out
        turnstile.exit();
        assertThat(plain[0]).isEqualTo(threads * each);
        org.assertj.core.api.Assertions.assertThat(signalled.get()).isLessThanOrEqualTo(threads * each);
        while (signalled.get() < threads * each) {
            Thread.onSpinWait(); // signals come after the turnstile is free
        }
    }

    private boolean canEnter() {
        if (!turnstile.tryEnter()) {
            return false;
        }
        turnstile.exit();
        return true;
    }

    private Waiter waiter(Runnable onSignal) {
        return new Waiter(turnstile) {
            @Override
            void take() {}

            @Override
            void signal() {
                onSignal.run();
            }
        };
    }
}
