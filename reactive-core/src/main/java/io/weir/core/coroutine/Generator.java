package io.weir.core.coroutine;

/**
 * The body of {@link Coroutine#generate}.
 *
 * @param <T> what it yields
 */
@FunctionalInterface
public interface Generator<T> {
    /**
     * Yields the elements, and returns when there are no more.
     *
     * @param out where to
     * @throws Exception becomes the error of the Flux
     */
    void run(Out<T> out) throws Exception;

    /**
     * Where a generator's elements go.
     *
     * @param <T> their type
     */
    interface Out<T> {
        /**
         * Emits {@code element}, having waited for demand.
         *
         * @param element not null
         * @throws CoroutineCancelledException if the subscriber has cancelled
         * @throws IllegalStateException on another thread than the body's, or after its end
         */
        @SuppressWarnings("NamedLikeContextualKeyword") // it is what Python calls it, and is always called on something
        void yield(T element);
    }
}
