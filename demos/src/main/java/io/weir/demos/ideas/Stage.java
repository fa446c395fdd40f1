package io.weir.demos.ideas;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Where a demo is played: it prints with the time since the scene began, and a second is as long as it was told to be. */
final class Stage {
    private final PrintWriter out;
    private final double speed;
    private long began = now();

    /** @param speed how many of the demo's seconds pass in a real one */
    Stage(PrintWriter out, double speed) {
        this.out = out;
        this.speed = speed;
    }

    /** Plays a scene: a heading, and then what the Mono does, whose time begins at zero. */
    Mono<Void> scene(String heading, Mono<?> play) {
        return Mono.defer(() -> {
            synchronized (out) {
                out.println(heading + ":");
                began = now();
            }
            return play.then();
        });
    }

    /** Prints a line, with the time. From any thread. */
    void say(String line) {
        double seconds = (now() - began) / 1e9 * speed;
        synchronized (out) {
            out.printf("  %4.1f s  %s%n", seconds, line);
        }
    }

    /** The same as a step of a pipeline. */
    Mono<Void> saying(String line) {
        return Mono.fromRunnable(() -> say(line));
    }

    /** What {@code asyncio.sleep} is: holds no thread. */
    Mono<Void> sleep(double seconds) {
        return Mono.delay(seconds(seconds)).then();
    }

    Duration seconds(double seconds) {
        return Duration.ofNanos((long) (seconds / speed * 1e9));
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.NANOSECONDS);
    }
}
