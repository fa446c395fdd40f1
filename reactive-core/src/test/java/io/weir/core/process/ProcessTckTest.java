package io.weir.core.process;

import io.weir.testing.Tck;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;

/** The rules of Reactive Streams for all that processes hand out. */
@EnabledOnOs(OS.LINUX)
class ProcessTckTest {
    private final ConcurrentLinkedQueue<AsyncProcess> started = new ConcurrentLinkedQueue<>();

    /** The TCK has errors of its own, of which the subscriber can tell nobody. */
    @BeforeEach
    void quiet() {
        Hooks.onErrorDropped(e -> {});
    }

    @TestFactory
    Stream<DynamicNode> publishers() {
        return Stream.of(
                verify("stdout", 2000, n -> started(seq(n)).stdoutLines(), () -> taken(started(seq(1)))),
                verify(
                        "bytes",
                        1,
                        n -> started(n == 0 ? Command.of("true") : seq(n)).stdout(),
                        null),
                verify("run", 1, n -> AsyncProcess.run(Command.of("true")), null),
                verify("write", 1, n -> started(Command.of("cat")).write("x"), null),
                verify("exit", 1, n -> started(Command.of("true")).exit(), null),
                verify("close", 0, n -> started(Command.of("sleep", "100")).close(), null));
    }

    @TestFactory
    Stream<DynamicNode> stdin() {
        return Stream.of(DynamicContainer.dynamicContainer(
                "stdin", Tck.rules(new SubscriberBlackboxVerification<byte[]>(Tck.environment()) {
                    @Override
                    public Subscriber<byte[]> createSubscriber() {
                        return started(Command.of("cat")).stdin();
                    }

                    @Override
                    public byte[] createElement(int element) {
                        return (element + "\n").getBytes(StandardCharsets.UTF_8);
                    }
                })));
    }

    @AfterEach
    void nothingIsLeft() {
        Hooks.resetOnErrorDropped();
        Flux.fromIterable(started).flatMap(AsyncProcess::close).blockLast();
        Leftovers.none();
    }

    private static Command seq(long n) {
        return n == 0 ? Command.of("true") : Command.of("seq", Long.toString(n));
    }

    private static Flux<String> taken(AsyncProcess process) {
        process.stdout().subscribe();
        return process.stdoutLines();
    }

    private AsyncProcess started(Command command) {
        AsyncProcess process =
                Objects.requireNonNull(AsyncProcess.start(command).block());
        started.add(process);
        return process;
    }

    private interface Form {
        Publisher<?> of(long elements);
    }

    private static DynamicNode verify(String name, long most, Form form, @Nullable Supplier<Publisher<?>> failing) {
        return DynamicContainer.dynamicContainer(name, Tck.rules(new PublisherVerification<Object>(Tck.environment()) {
            @Override
            @SuppressWarnings("unchecked") // it only emits
            public Publisher<Object> createPublisher(long elements) {
                return (Publisher<Object>) form.of(elements);
            }

            @Override
            @SuppressWarnings("unchecked") // as above
            public @Nullable Publisher<Object> createFailedPublisher() {
                return failing == null ? null : (Publisher<Object>) failing.get();
            }

            @Override
            public long maxElementsFromPublisher() {
                return most;
            }
        }));
    }
}
