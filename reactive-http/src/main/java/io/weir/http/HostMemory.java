package io.weir.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * What is remembered of hosts: of each from its first failure on, or of all where a policy needs that.
 *
 * <p>Bounded: at most {@code max}, beyond which the tenth that was not used for the longest time is forgotten. Dies when idle: what
 * was not used for {@link #keep} is forgotten by a timer that runs only while something is remembered. A host that is forgotten
 * begins anew, which by then is what it would be anyway: its budget and its bucket full, its circuit closed or due for a probe.
 *
 * <p>Who holds a state that is forgotten meanwhile goes on with it; at most what it says is lost.
 */
final class HostMemory {
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private final Policies policies;
    private final int max;
    private final long keep;
    private final Map<String, HostState> states = new ConcurrentHashMap<>();
    private final AtomicReference<Disposable> sweep = new AtomicReference<>(Disposables.disposed());
    private volatile boolean closed;

    HostMemory(Policies policies, int max) {
        this.policies = policies;
        this.max = max;
        long longest = Limits.nanos(SHORTEST);
        if (policies.breaker() != null) {
            longest = Math.max(longest, Limits.nanos(Breaker.memory(policies.breaker())));
        }
        if (policies.rateLimit() != null) {
            longest = Math.max(longest, Limits.nanos(policies.rateLimit().memory()));
        }
        this.keep = longest;
    }

    /** What is remembered of a host; null where there is nothing to remember yet. */
    @Nullable
    HostState known(String host) {
        if (policies.remembersAll()) {
            return of(host);
        }
        HostState state = states.isEmpty() ? null : states.get(host);
        if (state != null) {
            state.usedAt = now();
        }
        return state;
    }

    /** What is remembered of a host, from now on. */
    HostState of(String host) {
        HostState state = states.get(host);
        if (state == null) {
            if (states.size() >= max) {
                makeRoom();
            }
            state = states.computeIfAbsent(host, h -> new HostState(policies));
            schedule();
        }
        state.usedAt = now();
        return state;
    }

    int size() {
        return states.size();
    }

    void close() {
        closed = true;
        states.clear();
        Objects.requireNonNull(sweep.get()).dispose();
    }

    private void makeRoom() {
        List<Map.Entry<String, Long>> byAge = states.entrySet().stream()
                .filter(state -> !state.getValue().isBusy())
                .map(state -> Map.entry(state.getKey(), state.getValue().usedAt))
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> state) -> now() - state.getValue())
                        .reversed())
                .toList();
        byAge.stream().limit(Math.max(1, max / 10)).forEach(state -> states.remove(state.getKey()));
    }

    private void schedule() {
        Disposable before = Objects.requireNonNull(sweep.get());
        if (before.isDisposed() && !closed) {
            Disposable.Swap next = Disposables.swap();
            if (sweep.compareAndSet(before, next)) {
                next.update(Schedulers.parallel().schedule(() -> sweep(next), keep, TimeUnit.NANOSECONDS));
            }
        }
    }

    private void sweep(Disposable current) {
        long now = now();
        states.values().removeIf(state -> now - state.usedAt >= keep && !state.isBusy());
        current.dispose();
        if (!states.isEmpty()) {
            schedule();
        }
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
