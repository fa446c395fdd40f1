package io.weir.demos.sensors;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Gather;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Where all readings arrive. Between the sensors and the sums there is a bounded queue: where the sums do not keep up, the sensors wait, and nothing
 * is lost. Between the sums and who watches them there is none: who does not keep up sees the latest window and misses those before, and
 * holds up nobody.
 */
final class Station {
    private static final int WAITING = 1024;

    private final List<Sensor> sensors;
    private final int ticks;
    private final Sinks.Many<Window> windows = Sinks.many().replay().latest();

    /** @param ticks how many of each sensor's readings make a window */
    Station(int sensors, int ticks) {
        this.sensors = IntStream.range(0, sensors).mapToObj(Sensor::new).toList();
        this.ticks = ticks;
    }

    /** Runs the sensors for that many windows, and completes when all is summed up. Once. */
    Mono<Void> run(int count, Duration pause) {
        AsyncQueue<Reading> readings = AsyncQueue.bounded(WAITING);
        Windows sums = new Windows(sensors.size(), ticks);
        Mono<?> measuring = Gather.failFast(sensors.stream()
                        .map(sensor -> readings.putAll(sensor.readings(count * ticks, pause)))
                        .toList())
                .doOnSuccess(all -> readings.close());
        // The one who emits: a sink wants its signals one after the other.
        Mono<Void> summing = readings.asFlux()
                .concatMapIterable(sums::add)
                .doOnNext(window -> windows.emitNext(window, Sinks.EmitFailureHandler.FAIL_FAST))
                .then(Mono.fromRunnable(() -> windows.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST)));
        return Gather.failFast(List.of(measuring, summing)).then();
    }

    /** Emits the latest window there is, and then each new one, or the latest of those that came while nobody asked. */
    Flux<Window> windows() {
        return windows.asFlux().onBackpressureLatest();
    }
}
