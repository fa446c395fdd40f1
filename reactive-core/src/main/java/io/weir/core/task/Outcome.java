package io.weir.core.task;

import org.jspecify.annotations.Nullable;

/**
 * How something that ran has ended. What {@code asyncio.gather(…, return_exceptions=True)} puts into its list, with a type.
 *
 * <pre>{@code
 * for (Outcome<Reply> outcome : outcomes) {
 *     if (outcome instanceof Outcome.Success<Reply> success) {
 *         keep(success.value());
 *     } else if (outcome instanceof Outcome.Failure<Reply> failure) {
 *         log(failure.error());
 *     }
 * }
 * }</pre>
 *
 * @param <T> the value's type
 */
public sealed interface Outcome<T> {
    /**
     * It emitted a value.
     *
     * @param value what it emitted
     * @param <T> the value's type
     */
    record Success<T>(T value) implements Outcome<T> {}

    /**
     * It completed without a value.
     *
     * @param <T> the type the value would have had
     */
    record Empty<T>() implements Outcome<T> {}

    /**
     * It failed.
     *
     * @param error what it failed with
     * @param <T> the type the value would have had
     */
    record Failure<T>(Throwable error) implements Outcome<T> {}

    /**
     * It was cancelled before it ended by itself.
     *
     * @param reason why, where that was said; null otherwise
     * @param <T> the type the value would have had
     */
    record Cancelled<T>(@Nullable String reason) implements Outcome<T> {}

    /**
     * Whether it ended with a value or, without one, normally.
     *
     * @return true for {@link Success} and {@link Empty}
     */
    default boolean isSuccess() {
        return this instanceof Success || this instanceof Empty;
    }
}
