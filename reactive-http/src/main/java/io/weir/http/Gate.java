package io.weir.http;

import io.weir.core.sync.AsyncSemaphore;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The one place where requests wait: first for a permit of their host, then for one of the total, both in order of arrival.
 *
 * <p>The host comes first so that a host's crowd waits for its own and holds nothing others need. As at most {@code perHost}
 * of a host wait for the total, its queue is shared evenly between the hosts.
 *
 * <p>A host is known only while somebody is in or before the gate for it, so what a million hosts cost is what those of the
 * moment cost.
 */
final class Gate {
    private static final int WAITING = 0;
    private static final int ADMITTED = 1;
    private static final int GONE = 2;

    private final AsyncSemaphore total;
    private final int perHost;
    private final int maxWaiting;
    private final HostMemory memory;
    private final boolean remembersAll;
    private final Consumer<String> hostIdle;
    private final ConcurrentHashMap<String, Host> hosts = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();

    /** @param hostIdle told when nobody is left in or before the gate for a host */
    Gate(Limits limits, Policies policies, HostMemory memory, Consumer<String> hostIdle) {
        this.total = AsyncSemaphore.of(limits.maxInFlight());
        this.perHost = limits.maxPerHost();
        this.maxWaiting = limits.maxWaiting();
        this.memory = memory;
        this.remembersAll = policies.remembersAll();
        this.hostIdle = hostIdle;
    }

    /**
     * Runs the work once it may, and gives both permits back when it ends in whatever way. Fails at once where too many wait, or
     * the host's circuit is open, also where that opens while it waits; how long it waits is for {@link Timed} to bound.
     */
    <T> Mono<T> pass(Attempt attempt, Mono<T> work) {
        return Mono.using(
                () -> enter(attempt),
                pass -> pass.host.permits.withPermit(pass.atItsRate(total.withPermit(Mono.defer(() -> {
                    pass.admit(attempt);
                    attempt.admitted();
                    return work;
                })))),
                Pass::leave);
    }

    int inFlight() {
        return inFlight.get();
    }

    int waiting() {
        return waiting.get();
    }

    int hosts() {
        return hosts.size();
    }

    boolean isIdle(String host) {
        return !hosts.containsKey(host);
    }

    private Pass enter(Attempt attempt) {
        String name = attempt.target().hostAndPort();
        HostState state = remembersAll ? memory.of(name) : null;
        if (state != null && state.breaker != null) {
            state.breaker.check(attempt);
        }
        Host host = Objects.requireNonNull(
                hosts.compute(name, (n, known) -> (known == null ? new Host(name, perHost) : known).join()));
        int before = waiting.getAndIncrement();
        boolean full = before >= maxWaiting && (host.permits.available() == 0 || total.available() == 0);
        Pass pass = new Pass(host, state);
        if (full) {
            pass.leave();
            throw new FetchLimitException("maxWaiting", maxWaiting, attempt.failure(), null);
        }
        return pass;
    }

    /** One host's permits, and how many are in or before the gate: that count is changed only inside {@code compute}. */
    private static final class Host {
        final String name;
        final AsyncSemaphore permits;
        int users;

        Host(String name, int perHost) {
            this.name = name;
            this.permits = AsyncSemaphore.of(perHost);
        }

        Host join() {
            users++;
            return this;
        }
    }

    /** One request's way through; its state says which of the two counts it is in. */
    private final class Pass {
        final Host host;
        private final @Nullable HostState remembered;
        private final AtomicInteger state = new AtomicInteger(WAITING);

        Pass(Host host, @Nullable HostState remembered) {
            this.host = host;
            this.remembered = remembered;
        }

        /** The turn comes with the host's permit and before the total's: who waits for it holds nothing others need. */
        <T> Mono<T> atItsRate(Mono<T> work) {
            return remembered == null || remembered.limiter == null ? work : remembered.limiter.limit(work);
        }

        void admit(Attempt attempt) {
            if (remembered != null && remembered.breaker != null) {
                attempt.era(remembered.breaker.admit(attempt));
            }
            if (state.compareAndSet(WAITING, ADMITTED)) {
                inFlight.incrementAndGet();
                waiting.decrementAndGet();
            }
        }

        void leave() {
            (state.getAndSet(GONE) == WAITING ? waiting : inFlight).decrementAndGet();
            Host left = hosts.computeIfPresent(host.name, (name, known) -> --known.users == 0 ? null : known);
            if (left == null) {
                hostIdle.accept(host.name);
            }
        }
    }
}
