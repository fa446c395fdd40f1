package io.weir.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A million tasks that wake each other, or are woken together, on a thread with a stack of 256 KiB. */
class SmallStackTest {
    private static final int MILLION = 1_000_000;
    private static final long STACK = 256 * 1024;

    private final AtomicInteger ran = new AtomicInteger();

    @Test
    void theStackIsSmall() {
        assertThat(onASmallStack(() -> descend(1_000_000))
                        .handle((end, error) -> error)
                        .join())
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void oneSetWakesAMillion() {
        AsyncEvent event = AsyncEvent.create();
        for (int i = 0; i < MILLION; i++) {
            int number = i;
            event.await().subscribe(null, null, () -> ran.compareAndSet(number, number + 1));
        }
        onASmallStack(event::set).join();
        assertThat(ran).as("in the order they came").hasValue(MILLION);
    }

    @Test
    void eachWaitingTakeHandsOnToTheNext() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
        for (int i = 0; i < MILLION; i++) {
            queue.take().subscribe(element -> {
                ran.compareAndSet(element, element + 1);
                queue.put(element + 1).subscribe();
            });
        }
        onASmallStack(() -> queue.tryPut(0)).join();
        assertThat(ran).hasValue(MILLION);
        assertThat(queue.tryTake()).isEqualTo(MILLION);
    }

    @Test
    void eachTakeOnceServedMakesRoomForTheNextPut() {
        AsyncQueue<Integer> queue = AsyncQueue.bounded(1);
        queue.tryPut(-1);
        for (int i = 0; i < MILLION; i++) {
            int number = i;
            queue.put(number).subscribe(null, null, () -> {
                ran.compareAndSet(number, number + 1);
                queue.take().subscribe();
            });
        }
        onASmallStack(queue::tryTake).join();
        assertThat(ran).hasValue(MILLION);
        assertThat(queue.size()).isZero();
    }

    @Test
    void eachPutAtARendezvousLetsTheNextTakeIn() {
        AsyncQueue<Integer> queue = AsyncQueue.rendezvous();
        for (int i = 0; i < MILLION; i++) {
            int number = i;
            queue.put(number).subscribe(null, null, () -> {
                ran.compareAndSet(number, number + 1);
                queue.take().subscribe();
            });
        }
        onASmallStack(() -> queue.take().subscribe()).join();
        assertThat(ran).hasValue(MILLION);
    }

    @Test
    void eachPermitIsHandedOnToTheNext() {
        AsyncSemaphore semaphore = AsyncSemaphore.of(3);
        Permit[] all = {semaphore.tryAcquire(), semaphore.tryAcquire(), semaphore.tryAcquire()};
        for (int i = 0; i < MILLION; i++) {
            int weight = 1 + i % 3;
            semaphore.acquire(weight).subscribe(permit -> {
                ran.incrementAndGet();
                permit.release();
            });
        }
        onASmallStack(() -> {
                    for (Permit permit : all) {
                        permit.release();
                    }
                })
                .join();
        assertThat(ran).hasValue(MILLION);
        assertThat(semaphore.available()).isEqualTo(3);
    }

    @Test
    void eachSectionOfALockLetsTheNextIn() {
        AsyncLock lock = AsyncLock.create();
        Permit held = lock.tryLock();
        for (int i = 0; i < MILLION; i++) {
            lock.withLock(permit -> Mono.fromRunnable(ran::incrementAndGet)).subscribe();
        }
        onASmallStack(held::release).join();
        assertThat(ran).hasValue(MILLION);
        assertThat(lock.isLocked()).isFalse();
    }

    private static CompletableFuture<Void> onASmallStack(Runnable work) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        work.run();
                        end.complete(null);
                    } catch (Throwable t) {
                        end.completeExceptionally(t);
                    }
                },
                "small stack",
                STACK);
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private static int descend(int levels) {
        return levels == 0 ? 0 : 1 + descend(levels - 1);
    }
}
