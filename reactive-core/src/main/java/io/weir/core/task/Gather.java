package io.weir.core.task;

import io.weir.core.debug.Assembly;
import io.weir.core.task.GatherMono.EndsOn;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Runs many Monos at once: {@code asyncio.gather} and its relatives, with what happens on failure in the method's name.
 *
 * <pre>{@code
 * Mono<List<Page>> all = Gather.failFast(urls.stream().map(this::fetch).toList());
 * Mono<List<Outcome<Page>>> each = Gather.settled(16, urls.stream().map(this::fetch).toList());
 * Mono<Page> fastest = Gather.firstSuccess(mirrors.stream().map(this::fetch).toList());
 * Flux<Completion<Page>> asTheyCome = Gather.asCompleted(16, urls.stream().map(this::fetch).toList());
 * }</pre>
 *
 * <table>
 * <caption>What ends a run</caption>
 * <tr><th>form</th><th>emits</th><th>an error</th><th>an empty source</th></tr>
 * <tr><td>{@code failFast}</td><td>a list of all values</td><td>ends it and cancels the rest</td><td>is a null</td></tr>
 * <tr><td>{@code settled}</td><td>a list of all outcomes</td><td>is a {@link Outcome.Failure}</td><td>is an {@link Outcome.Empty}</td></tr>
 * <tr><td>{@code firstSuccess}</td><td>the first value</td><td>is told if there is nothing else</td><td>counts if there is no value</td></tr>
 * <tr><td>{@code asCompleted}</td><td>each outcome as it comes</td><td>is a {@link Outcome.Failure}</td><td>is an {@link Outcome.Empty}</td></tr>
 * </table>
 *
 * <p>In all forms: cold, the sources are iterated and subscribed anew for each subscription, in their order, on the
 * thread of the first request. A source has ended when it has completed or failed, not when it has emitted. Signals arrive on
 * the thread of the source whose end brings them about. Unlike with {@code Mono.zip}, a source that is empty takes nothing from the
 * others. A source that throws when it is subscribed has failed; an {@code Iterable} that throws, or holds a null, fails the whole.
 *
 * <p>Cancelling cancels all that run and starts no more. Values that were there already, or come nevertheless, go to the discard hook,
 * each once; errors that come after a cancel go to Reactor's dropped-error hook. That the sources have ended then, nobody can
 * tell: a cancel has no acknowledgement. The subscriber's Context reaches every source.
 *
 * <p>The forms with {@code concurrency} start the next source when one has ended, and run at most that many at once; the others
 * start all at once. The memory taken is one slot a source, and one small object for each that does not end at once.
 */
public final class Gather {
    private static final Outcome<Object> EMPTY = new Outcome.Empty<>();

    private Gather() {}

    /**
     * A function of three.
     *
     * @param <A> the first argument's type
     * @param <B> the second argument's type
     * @param <C> the third argument's type
     * @param <R> the result's type
     */
    @FunctionalInterface
    public interface TriFunction<
            A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object, R> {
        /**
         * Computes the result.
         *
         * @param a the first argument
         * @param b the second argument
         * @param c the third argument
         * @return the result, not null
         */
        R apply(A a, B b, C c);
    }

    /**
     * Runs all at once; the first error cancels the rest.
     *
     * <p>Emits one list: the value of each source, or null where it was empty. No sources give an empty list. Errors: the first
     * error of a source, at once; errors that come after it are added to it as suppressed.
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
    public static <T> Mono<List<@Nullable T>> failFast(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return Assembly.of(new GatherMono<>(sources, concurrency, EndsOn.ERROR, Gather::list));
    }

    /**
     * Runs two at once and combines their values; the first error cancels the other.
     *
     * <p>Emits what {@code combiner} returns, which must not be null. A source that was empty gives it a null. Errors: as
     * {@link #failFast(Iterable)}, and what {@code combiner} throws; the values go to the discard hook then.
     *
     * @param first the one
     * @param second the other
     * @param combiner makes the result; called on the thread of the source that ends last
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
        return Assembly.of(new GatherMono<>(
                List.of(first, second),
                Integer.MAX_VALUE,
                EndsOn.ERROR,
                slots -> combined(combiner.apply((@Nullable A) slots[0], (@Nullable B) slots[1]))));
    }

    /**
     * As {@link #failFast(Mono, Mono, BiFunction)}, of three.
     *
     * @param first the first
     * @param second the second
     * @param third the third
     * @param combiner makes the result; called on the thread of the source that ends last
     * @param <A> the first value's type
     * @param <B> the second value's type
     * @param <C> the third value's type
     * @param <R> the result's type
     * @return the combined result
     */
    @SuppressWarnings("unchecked") // slot 0 holds an A, slot 1 a B, slot 2 a C
    public static <A, B, C, R> Mono<R> failFast(
            Mono<? extends A> first,
            Mono<? extends B> second,
            Mono<? extends C> third,
            TriFunction<? super @Nullable A, ? super @Nullable B, ? super @Nullable C, ? extends R> combiner) {
        Objects.requireNonNull(combiner);
        return Assembly.of(new GatherMono<>(
                List.of(first, second, third),
                Integer.MAX_VALUE,
                EndsOn.ERROR,
                slots -> combined(
                        combiner.apply((@Nullable A) slots[0], (@Nullable B) slots[1], (@Nullable C) slots[2]))));
    }

    /**
     * Runs all at once and lets each end in its own way.
     *
     * <p>Emits one list: for each source what became of it, as {@link Outcome.Success}, {@link Outcome.Empty} or
     * {@link Outcome.Failure}. No sources give an empty list. It has no errors of its own but that of an {@code Iterable} that throws.
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
    public static <T> Mono<List<Outcome<T>>> settled(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return Assembly.of(new GatherMono<>(sources, concurrency, EndsOn.NOTHING, slots -> {
            @Nullable Object[] outcomes = new Object[slots.length];
            Arrays.setAll(outcomes, i -> outcome(slots[i]));
            return list(outcomes);
        }));
    }

    /**
     * Runs two of different types at once, lets each end in its own way, and combines their outcomes.
     *
     * <p>Emits what {@code combiner} returns, which must not be null. Errors: what {@code combiner} throws; the values go to the
     * discard hook then.
     *
     * @param first the one
     * @param second the other
     * @param combiner makes the result; called on the thread of the source that ends last
     * @param <A> the first value's type
     * @param <B> the second value's type
     * @param <R> the result's type
     * @return the combined result
     */
    @SuppressWarnings("unchecked") // slot 0 holds an A or its failure, slot 1 a B or its
    public static <A, B, R> Mono<R> settled(
            Mono<? extends A> first,
            Mono<? extends B> second,
            BiFunction<? super Outcome<A>, ? super Outcome<B>, ? extends R> combiner) {
        Objects.requireNonNull(combiner);
        return Assembly.of(new GatherMono<>(
                List.of(first, second),
                Integer.MAX_VALUE,
                EndsOn.NOTHING,
                slots -> combined(combiner.apply((Outcome<A>) outcome(slots[0]), (Outcome<B>) outcome(slots[1])))));
    }

    /**
     * Runs all at once until one has emitted a value and completed; the others are cancelled then.
     *
     * <p>Emits that value. A source that is empty or fails cancels nobody. When all have ended and none had a value: if one was empty,
     * this completes without a value too, for that source has succeeded; if all have failed, this fails with the error of the
     * first source in their order, and the errors of the others are added to it as suppressed. No sources complete without a
     * value. What the losers bring after that goes to the discard hook if it is a value, and is not told if it is an error.
     *
     * @param sources what to run
     * @param <T> the value's type
     * @return the first value
     */
    public static <T> Mono<T> firstSuccess(Iterable<? extends Mono<? extends T>> sources) {
        return firstSuccess(Integer.MAX_VALUE, sources);
    }

    /**
     * As {@link #firstSuccess(Iterable)}, with at most {@code concurrency} running at once. With 1 each source is a fallback for
     * those before it, and is only started when they had no value.
     *
     * @param concurrency how many may run at once, at least 1
     * @param sources what to run
     * @param <T> the value's type
     * @return the first value
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    public static <T> Mono<T> firstSuccess(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return Assembly.of(new GatherMono<>(sources, concurrency, EndsOn.VALUE, Gather::noValue));
    }

    /**
     * Runs all at once and tells of each when it has ended.
     *
     * <p>Emits one {@link Completion} a source, in the order in which they end, and completes after the last one. A failure is such an
     * outcome and ends nothing. No sources complete at once. The sources start on the first request, whatever its size;
     * completions wait for demand, as many as there are sources. Errors: only that of an {@code Iterable} that throws, which
     * cancels the sources that run; completions that nobody has asked for go to the discard hook then.
     *
     * @param sources what to run
     * @param <T> the values' type
     * @return their completions
     */
    public static <T> Flux<Completion<T>> asCompleted(Iterable<? extends Mono<? extends T>> sources) {
        return asCompleted(Integer.MAX_VALUE, sources);
    }

    /**
     * As {@link #asCompleted(Iterable)}, with at most {@code concurrency} in flight.
     *
     * <p>In flight is what runs, and what has ended and was not yet emitted for want of demand: a subscriber that does not ask holds up
     * the sources, and the memory taken depends on {@code concurrency} only. The {@code Iterable} is iterated as sources are
     * started, on the thread that starts them, so it may be long, or endless.
     *
     * @param concurrency how many may be in flight, at least 1
     * @param sources what to run
     * @param <T> the values' type
     * @return their completions
     * @throws IllegalArgumentException if {@code concurrency} is less than 1
     */
    public static <T> Flux<Completion<T>> asCompleted(int concurrency, Iterable<? extends Mono<? extends T>> sources) {
        return Assembly.of(new GatherFlux<>(sources, concurrency));
    }

    static int requirePositive(int concurrency) {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, and is " + concurrency);
        }
        return concurrency;
    }

    /** What {@code value} stands for: it is what a source emitted, null, or how it failed. */
    static Outcome<?> outcome(@Nullable Object value) {
        if (value == null) {
            return EMPTY;
        }
        return value instanceof Gathering.Failed failed
                ? new Outcome.Failure<>(failed.error())
                : new Outcome.Success<>(value);
    }

    /** Of slots that hold nothing but failures and nulls. */
    private static @Nullable Object noValue(@Nullable Object[] slots) {
        for (Object slot : slots) {
            if (slot == null) {
                return null;
            }
        }
        if (slots.length == 0) {
            return null;
        }
        Throwable told = ((Gathering.Failed) Objects.requireNonNull(slots[0])).error();
        Set<Throwable> there = Collections.newSetFromMap(new IdentityHashMap<>());
        there.add(told); // an error that is a constant may come twice, and again with each retry
        Collections.addAll(there, told.getSuppressed());
        for (Object slot : slots) {
            Throwable error = ((Gathering.Failed) Objects.requireNonNull(slot)).error();
            if (there.add(error)) {
                told.addSuppressed(error);
            }
        }
        return slots[0];
    }

    private static <R> R combined(R result) {
        return Objects.requireNonNull(result, "the combiner returned null");
    }

    private static List<@Nullable Object> list(@Nullable Object[] slots) {
        return Collections.unmodifiableList(Arrays.asList(slots));
    }
}
