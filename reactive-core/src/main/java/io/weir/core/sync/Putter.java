package io.weir.core.sync;

/** One who waits for room. */
abstract class Putter<T> extends Waiter {
    Putter(Turnstile turnstile) {
        super(turnstile);
    }

    /** Inside, while it stands in the line: the element it wants to put next. */
    abstract T offered();

    /** Inside, with room for {@code most}: gives that element to the store, others after it if it has them; tells how many. */
    int addTo(Store<T> store, int most) {
        store.add(offered());
        return 1;
    }

    /** Inside: so many were accepted; the last one ends the wait. */
    abstract void accepted(int count);

    /** Inside: that element was refused, because a comparator threw. */
    abstract void rejected(Throwable error);
}
