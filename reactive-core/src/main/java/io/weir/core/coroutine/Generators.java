package io.weir.core.coroutine;

import io.weir.core.debug.Assembly;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Streams that are made step by step, each step a Mono: for pages, cursors and polls. No thread, one step in flight, and no
 * step without demand.
 *
 * <pre>{@code
 * Flux<Leaf> leaves = Generators.pages(firstLeaf(), leaf -> leaf.isLast() ? Mono.empty() : turn(leaf));
 * }</pre>
 */
public final class Generators {
    private Generators() {}

    /**
     * What a step gives.
     *
     * @param value the element
     * @param next what the next step starts from; null after the last one
     * @param <T> the element's type
     * @param <S> the state's type
     */
    public record Step<T, S>(T value, @Nullable S next) {
        /**
         * The last step.
         *
         * @param value the last element
         * @param <T> the element's type
         * @param <S> the state's type
         * @return a step that none follows
         */
        public static <T, S> Step<T, S> last(T value) {
            return new Step<>(value, null);
        }
    }

    /**
     * Goes from state to state, emitting an element with each step.
     *
     * <p>Emits the value of each step. The first step starts with the first request, and each other one when the one before has emitted and there is
     * demand. It completes after a step whose {@code next} is null, and where {@code step} returns an empty Mono. Signals arrive on the
     * thread of the step, or on the subscriber's where a step is complete at once; any number of those need no stack. Cancelling
     * cancels the step in flight. Errors: those of a step, and what {@code step} throws.
     *
     * @param seed where the first step starts from
     * @param step gives an element and the next state
     * @param <T> the elements' type
     * @param <S> the state's type
     * @return the elements, cold
     */
    public static <T, S> Flux<T> unfold(
            S seed, Function<? super S, ? extends Mono<? extends Step<? extends T, ? extends S>>> step) {
        return Assembly.of(new UnfoldFlux<>(Objects.requireNonNull(seed), Objects.requireNonNull(step)));
    }

    /**
     * A page, and the one after it, and so on.
     *
     * <p>Emits each page, and completes when {@code next} returns an empty Mono. Otherwise as {@link #unfold}.
     *
     * @param first the first page; empty: none at all
     * @param next what follows a page; empty: nothing
     * @param <P> a page's type
     * @return the pages, cold
     */
    public static <P> Flux<P> pages(Mono<P> first, Function<? super P, ? extends Mono<P>> next) {
        Objects.requireNonNull(next);
        return unfold(first, page -> page.map(found -> new Step<>(found, Mono.defer(() -> next.apply(found)))));
    }
}
