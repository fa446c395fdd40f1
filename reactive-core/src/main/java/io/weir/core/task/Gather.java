package io.weir.core.task;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs many Monos at once and waits for all: {@code asyncio.gather}, with what happens on failure in the method's name.
 *
 * <pre>{@code
 * Mono<List<Page>> all = Gather.failFast(urls.stream().map(this::fetch).toList());
 * Mono<List<Outcome<Page>>> each = Gather.settled(16, urls.stream().map(this::fetch).toList());
 * }</pre>
 *
 * <p>In all forms: cold, the sources are iterated and subscribed anew for each subscription, in their order, on the
 * thread of the first request. The result is in the order of the sources, whichever ended first, and arrives on the thread of the
 * source that ended last. Unlike {@code Mono.zip}, a source that completes empty takes nothing from the others: it leaves a
 * null in its place, or {@link Outcome.Empty}. No sources give an empty list. Cancelling cancels all that run and starts no
 * more; values that were there already go to the discard hook. The subscriber's Context reaches every source.
 *
 * <p>The forms with {@code concurrency} start the next source when one has ended, and run at most that many at once; the others
 * start all at once. The memory taken is one slot a source and one small object a source that runs.
 */
public final class Gather {
    private Gather() {}

    /**
     * Runs all at once; the first error cancels the rest.
     *
     * <p>Emits one list: the value of each source, or null where it was empty. Errors: the first error of a source, at once;
     * errors that come after it are added to it as suppressed.
     *
     * @param sources what to run
     * @param <T> the values' type
     * @return the values in the order of the sources, unmodifiable
     */
    public static <T> Mono<List<@Nullable T>> failFast(Iterable<? extends Mono<? extends T>> sources) {
        return failFast(Integer.MAX_VALUE, sources);
    }

    /**
     * As {@link #failFast(Iterable)}, with at most {@code concurrency} running at once.
     *
     * @param concurrency how many may run at once, at least 1
     * @param sources what to run
     * @param <T> the values' type
     * @return the values in the order of the sources, unmodifiable
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    @SuppressWarnings("unchecked") // the slots hold what sources of T emitted, or null
    public static <T> Mono<List<@Nullable T>> failFast(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return new GatherMono<>(sources, concurrency, true, slots -> (List<@Nullable T>) list(slots));
    }

    /**
     * Runs two at once and combines their values; the first error cancels the other.
     *
     * <p>Emits what {@code combiner} returns, which must not be null. A source that was empty gives it a null. Errors: as
     * {@link #failFast(Iterable)}, and what {@code combiner} throws.
     *
     * @param first the one
     * @param second the other
     * @param combiner makes the result
     * @param <A> the first value's type
     * @param <B> the second value's type
     * @param <R> the result's type
     * @return the combined result
     */
    @SuppressWarnings("unchecked") // slot 0 holds an A, slot 1 a B
    public static <A, B, R> Mono<R> failFast(
            Mono<? extends A> first,
            Mono<? extends B> second,
            BiFunction<? super @Nullable A, ? super @Nullable B, ? extends R> combiner) {
        Objects.requireNonNull(combiner);
        return new GatherMono<>(
                List.of(first, second),
                Integer.MAX_VALUE,
                true,
                slots -> combiner.apply((@Nullable A) slots[0], (@Nullable B) slots[1]));
    }

    /**
     * Runs all at once and lets each end in its own way.
     *
     * <p>Emits one list: for each source what became of it, as {@link Outcome.Success}, {@link Outcome.Empty} or
     * {@link Outcome.Failure}. It has no errors of its own but that of an {@code Iterable} that throws.
     *
     * @param sources what to run
     * @param <T> the values' type
     * @return the outcomes in the order of the sources, unmodifiable
     */
    public static <T> Mono<List<Outcome<T>>> settled(Iterable<? extends Mono<? extends T>> sources) {
        return settled(Integer.MAX_VALUE, sources);
    }

    /**
     * As {@link #settled(Iterable)}, with at most {@code concurrency} running at once.
     *
     * @param concurrency how many may run at once, at least 1
     * @param sources what to run
     * @param <T> the values' type
     * @return the outcomes in the order of the sources, unmodifiable
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    @SuppressWarnings("unchecked") // each slot holds a value of T or the outcome it failed with
    public static <T> Mono<List<Outcome<T>>> settled(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return new GatherMono<>(sources, concurrency, false, slots -> {
            for (int i = 0; i < slots.length; i++) {
                slots[i] = outcome(slots[i]);
            }
            return (List<Outcome<T>>) (List<?>) list(slots);
        });
    }

    private static Outcome<?> outcome(@Nullable Object slot) {
        if (slot == null) {
            return new Outcome.Empty<>();
        }
        return slot instanceof GatherMono.Failed failed
                ? new Outcome.Failure<>(failed.error())
                : new Outcome.Success<>(slot);
    }

    private static List<@Nullable Object> list(@Nullable Object[] slots) {
        return Collections.unmodifiableList(Arrays.asList(slots));
    }
}
