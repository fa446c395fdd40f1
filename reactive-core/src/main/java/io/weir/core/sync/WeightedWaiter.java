package io.weir.core.sync;

/** One who waits for a number of permits. */
abstract class WeightedWaiter extends Waiter {
    final int weight;

    WeightedWaiter(AsyncSemaphore semaphore, int weight) {
        super(semaphore.turnstile);
        this.weight = weight;
    }

    /** Inside: leaves the line; those behind it may need less than it did. */
    final void leave(AsyncSemaphore semaphore) {
        semaphore.turnstile.run(new Turn() {
            @Override
            void take() {
                if (withdraw()) {
                    semaphore.serve();
                }
            }
        });
    }
}
