package io.weir.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Tells what is remembered of a host how an attempt ended, once: its circuit and its latencies. It stands inside the {@link Gate}, so that a circuit opens before the permit goes to
 * the next one; a time-out, which looks like a cancel from there, {@link Timed} tells it before it cancels.
 */
final class HostWatch {
    private final HostState host;
    private final Attempt attempt;
    private final AtomicBoolean told = new AtomicBoolean();

    private HostWatch(HostState host, Attempt attempt) {
        this.host = host;
        this.attempt = attempt;
    }

    static HostWatch of(Fetching fetching, Attempt attempt) {
        return new HostWatch(fetching.memory().of(attempt.target().hostAndPort()), attempt);
    }

    <T> Mono<T> over(Mono<T> work) {
        return work.doOnSuccess(value -> ended(null))
                .doOnError(this::ended)
                .doOnCancel(() -> tell(Breaker.Result.NONE));
    }

    void ended(@Nullable Throwable error) {
        Breaker.Result result = error == null ? Breaker.Result.of(attempt.status()) : Breaker.Result.of(error);
        if (tell(result) && host.latencies != null && error == null) {
            host.latencies.add(Schedulers.parallel().now(TimeUnit.NANOSECONDS) - attempt.admittedAt());
        }
    }

    private boolean tell(Breaker.Result result) {
        if (!told.compareAndSet(false, true)) {
            return false;
        }
        if (host.breaker != null && attempt.era() >= 0) {
            host.breaker.end(attempt.era(), result);
        }
        return true;
    }
}
