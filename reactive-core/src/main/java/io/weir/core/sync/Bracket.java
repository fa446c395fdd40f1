package io.weir.core.sync;

import io.weir.core.debug.Assembly;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes a resource, uses it, and gives it back, whatever happens between.
 *
 * <pre>{@code
 * Mono<Reply> reply = Bracket.using(pool.connect(), connection -> connection.ask("ping"), Connection::close);
 * }</pre>
 *
 * <p>What {@code Mono.usingWhen} is meant for, with one hole closed: a cancel that comes while the resource is on its way
 * does not lose it. Acquiring is cancelled, and if a resource arrives all the same, it is released.
 *
 * <p>What cannot be seen here cannot be released: where {@code acquire} is itself a chain of operators, and one of them drops the
 * resource on a cancel, {@code doOnDiscard} on that chain is the place to close it.
 */
public final class Bracket {
    private Bracket() {}

    /**
     * Runs one {@code use} of a resource.
     *
     * <p>Emits what {@code use} emits, once the resource has been released; nothing if {@code acquire} is empty. Acquiring starts
     * with the first request, once for each subscription. {@code use} runs on the thread on which the resource arrives,
     * {@code release} on the one on which the use ended or was cancelled, and the result is told on the one on which the
     * release completed. All three see the subscriber's {@code Context}.
     *
     * <p>Cancelled while acquiring, it cancels {@code acquire}, and releases what arrives nevertheless. Cancelled during the use,
     * it cancels the use and then releases. Cancelled during the release, it lets the release go on. After a cancel nobody is left
     * to be told: errors of the release go to {@code Operators.onErrorDropped}.
     *
     * <p>Errors: those of {@code acquire}, with nothing to release; those of {@code use}, also what its function throws, with an
     * error of the release suppressed on them; those of {@code release}, in which case the value is discarded. Each resource
     * is released once. Neither use nor release has a time bound here.
     *
     * @param acquire gives the resource, cold
     * @param use what to do with it
     * @param release how to give it back; what it emits is discarded
     * @param <R> the resource
     * @param <T> the result
     * @return the use, between acquire and release
     */
    public static <R, T> Mono<T> using(
            Mono<R> acquire,
            Function<? super R, ? extends Mono<? extends T>> use,
            Function<? super R, ? extends Publisher<?>> release) {
        Objects.requireNonNull(acquire);
        Objects.requireNonNull(use);
        Objects.requireNonNull(release);
        return Assembly.of(new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                subscriber.onSubscribe(new BracketSection<R, T>(acquire, use, release, subscriber, true));
            }
        });
    }

    /**
     * Runs a {@code use} that emits many.
     *
     * <p>As {@link #using}, but elements are emitted as they come, on the threads of {@code use}, with the subscriber's demand;
     * the end is told once the resource has been released. Acquiring starts on subscribe and not with the first request, so that
     * an empty or failing use is told to one who has not asked for anything yet. An element that arrives after a cancel is
     * discarded.
     *
     * @param acquire gives the resource, cold
     * @param use what to do with it
     * @param release how to give it back; what it emits is discarded
     * @param <R> the resource
     * @param <T> what the use emits
     * @return the use, between acquire and release
     */
    public static <R, T> Flux<T> usingMany(
            Mono<R> acquire,
            Function<? super R, ? extends Publisher<? extends T>> use,
            Function<? super R, ? extends Publisher<?>> release) {
        Objects.requireNonNull(acquire);
        Objects.requireNonNull(use);
        Objects.requireNonNull(release);
        return Assembly.of(new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                BracketSection<R, T> section = new BracketSection<>(acquire, use, release, subscriber, false);
                subscriber.onSubscribe(section);
                section.start();
            }
        });
    }
}
