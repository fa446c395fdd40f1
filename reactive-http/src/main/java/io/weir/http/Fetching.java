package io.weir.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * What a client does, but for the transport itself: the calls that run, and all that they share. Independent of Netty's time and threads,
 * so its policies are tested in virtual time, over a transport that a test makes.
 */
final class Fetching {
    private static final int MOST_HOSTS = 10_000;

    private final Limits limits;
    private final Policies policies;
    private final Wire transport;
    private final LongUnaryOperator jitter;
    private final long shortestLimit;
    private final Listeners listeners;
    private final HostMemory memory;
    private final Gate gate;
    private final @Nullable Coalescing coalescing;
    private final BufferedReader buffered;
    private final Set<Call<?>> calls = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Fetching(Limits limits, Policies policies, Wire transport, Consumer<String> hostIdle) {
        this(
                limits,
                policies,
                transport,
                hostIdle,
                bound -> ThreadLocalRandom.current().nextLong(bound + 1));
    }

    /** @param jitter a number from 0 to its argument */
    Fetching(Limits limits, Policies policies, Wire transport, Consumer<String> hostIdle, LongUnaryOperator jitter) {
        this.limits = limits;
        this.policies = policies;
        this.transport = transport;
        this.jitter = jitter;
        this.shortestLimit = Stream.of(FetchPhase.values())
                .mapToLong(phase -> Limits.nanos(limits.of(phase)))
                .min()
                .getAsLong();
        this.listeners = new Listeners(policies.listeners());
        this.memory = new HostMemory(policies, MOST_HOSTS);
        this.gate = new Gate(limits, policies, memory, hostIdle);
        this.buffered = new BufferedReader(limits);
        this.coalescing = policies.coalesce() ? new Coalescing(this::fetchAlone) : null;
    }

    Mono<FetchResponse> fetch(FetchRequest request) {
        return coalescing != null && Coalescing.accepts(request) ? coalescing.fetch(request) : fetchAlone(request);
    }

    private Mono<FetchResponse> fetchAlone(FetchRequest request) {
        return fetch(request, buffered);
    }

    <T> Mono<T> fetch(FetchRequest request, ResponseReader<T> reader) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                subscriber.onSubscribe(new Call<>(Fetching.this, request, reader, subscriber));
            }
        };
    }

    /** Ends what runs, and what comes later. */
    void close() {
        closed = true;
        calls.forEach(Fetching::refuse);
        memory.close();
    }

    Gate gate() {
        return gate;
    }

    HostMemory memory() {
        return memory;
    }

    int calls() {
        return calls.size();
    }

    /** How many GETs are shared, or may be. */
    int flights() {
        return coalescing == null ? 0 : coalescing.flights();
    }

    // ---- for a call ----

    Limits limits() {
        return limits;
    }

    Policies policies() {
        return policies;
    }

    Wire transport() {
        return transport;
    }

    Listeners listeners() {
        return listeners;
    }

    long jitter(long most) {
        return jitter.applyAsLong(most);
    }

    /** The shortest limit of any phase, in nanoseconds. */
    long shortestLimit() {
        return shortestLimit;
    }

    /** Looks whether the client is closed after the call is in the set, so that one of the two sees the other. */
    void add(Call<?> call) {
        calls.add(call);
        if (closed) {
            refuse(call);
        }
    }

    void remove(Call<?> call) {
        calls.remove(call);
    }

    <T> Mono<T> run(Call<T> call, FetchRequest request) {
        return new Hops<>(this, call).run(request);
    }

    private static void refuse(Call<?> call) {
        call.fail(new FetchClosedException(call.attempt().failure()));
    }
}
