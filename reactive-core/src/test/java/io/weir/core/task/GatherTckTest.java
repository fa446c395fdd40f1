package io.weir.core.task;

import io.weir.testing.Tck;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import reactor.core.publisher.Mono;

class GatherTckTest {
    @TestFactory
    Stream<DynamicNode> monos() {
        return Stream.of(
                mono("failFast", Gather::failFast, Gather.failFast(new Broken())),
                mono("failFast, bounded", all -> Gather.failFast(2, all), Gather.failFast(2, new Broken())),
                mono("firstSuccess", Gather::firstSuccess, Gather.firstSuccess(new Broken())),
                mono("two", all -> Gather.failFast(all.get(0), all.get(0), (a, b) -> a), null));
    }

    @TestFactory
    Stream<DynamicNode> settled() {
        List<Mono<Long>> sources = sources(3);
        return Stream.of(verify("settled", 1, n -> Gather.settled(sources), Gather.settled(new Broken())));
    }

    @TestFactory
    Stream<DynamicNode> asCompleted() {
        return Stream.of(
                verify("unbounded", 10_000, n -> Gather.asCompleted(sources(n)), null),
                verify("bounded", 10_000, n -> Gather.asCompleted(3, sources(n)), null));
    }

    private record Broken() implements Iterable<Mono<Long>> {
        @Override
        public Iterator<Mono<Long>> iterator() {
            throw new IllegalStateException("for the TCK");
        }
    }

    private static DynamicNode mono(String name, Function<List<Mono<Long>>, Mono<?>> form, @Nullable Mono<?> failing) {
        return verify(name, 1, n -> form.apply(sources(3)), failing);
    }

    /** Some that are there, some that are subscribed. */
    private static List<Mono<Long>> sources(long n) {
        return LongStream.range(0, Math.min(n, 10_000))
                .mapToObj(i -> i % 2 == 0 ? Mono.just(i) : Mono.just(i).hide())
                .toList();
    }

    /** {@code failing} fails without demand; null where nothing does. */
    private static DynamicNode verify(
            String name, long most, Function<Long, Publisher<?>> form, @Nullable Publisher<?> failing) {
        return DynamicContainer.dynamicContainer(name, Tck.rules(new PublisherVerification<Object>(Tck.environment()) {
            @Override
            @SuppressWarnings("unchecked") // it only emits
            public Publisher<Object> createPublisher(long elements) {
                return (Publisher<Object>) form.apply(elements);
            }

            @Override
            @SuppressWarnings("unchecked")
            public Publisher<Object> createFailedPublisher() {
                return (Publisher<Object>) failing;
            }

            @Override
            public long maxElementsFromPublisher() {
                return most;
            }
        }));
    }
}
