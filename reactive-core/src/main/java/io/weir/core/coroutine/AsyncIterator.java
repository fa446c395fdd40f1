package io.weir.core.coroutine;

import java.util.Iterator;

/**
 * A publisher's elements, one after the other, on a thread that waits for each: see {@link Coroutine#iterate}. For the thread
 * that made it, and for one loop; any thread may {@link #close} it.
 *
 * <pre>{@code
 * try (AsyncIterator<Row> all = Coroutine.iterate(rows)) {
 *     for (Row row : all) {
 *         use(row);
 *     }
 * }
 * }</pre>
 *
 * @param <T> the elements' type
 */
@SuppressWarnings("IterableAndIterator") // it is for one loop, and says so
public interface AsyncIterator<T> extends Iterator<T>, Iterable<T>, AutoCloseable {
    /**
     * Waits until there is an element, or the end.
     *
     * @return true if {@link #next} has one
     * @throws CoroutineCancelledException if the body has been cancelled, or the thread was interrupted
     * @throws IllegalStateException if it would have to wait on a thread that must not block
     */
    @Override
    boolean hasNext();

    /**
     * Itself.
     *
     * @return this
     */
    @Override
    default Iterator<T> iterator() {
        return this;
    }

    /**
     * Cancels the publisher, if it has not ended, and discards what is held. From another thread it ends the loop as if the publisher had completed, and
     * what is held is discarded when the iterating thread next looks, or closes.
     */
    @Override
    void close();
}
