package io.weir.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Tells what is remembered of a host how an attempt ended, once: its circuit and its latencies. Outside {@link Timed}, as it must hear
 * a time-out as what it is, and not as the cancel it looks like from inside.
 */
final class HostWatch {
    private final HostState host;
    private final Attempt attempt;
    private final AtomicBoolean told = new AtomicBoolean();

    private HostWatch(HostState host, Attempt attempt) {
        this.host = host;
        this.attempt = attempt;
    }

    static <T> Mono<T> of(Fetching fetching, Attempt attempt, Mono<T> sent) {
        HostState host = fetching.memory().of(attempt.target().hostAndPort());
        HostWatch watch = new HostWatch(host, attempt);
        return sent.doOnSuccess(value -> watch.ended(null))
                .doOnError(watch::ended)
                .doOnCancel(() -> watch.tell(Breaker.Result.NONE));
    }

    private void ended(@Nullable Throwable error) {
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
