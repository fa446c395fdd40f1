package io.weir.demos.ideas;

import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report.HoggedThread;
import io.weir.core.offload.Offload;
import io.weir.core.task.Gather;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Blocking calls go to threads that may block, long computations to as many threads as there are cores: the caller's thread is free. What
 * computes on an event loop all the same is found by the diagnostics' watchdog ({@code -Dweir.debug=true} is enough).
 */
final class OffEventLoop implements Demo {
    @Override
    public String name() {
        return "offload";
    }

    @Override
    public String about() {
        return "blocking and computing away from the event loop";
    }

    @Override
    public Mono<?> run(Stage stage) {
        Mono<String> blocking = Offload.blocking(() -> {
            Thread.sleep(stage.seconds(1).toMillis());
            return "a blocking call, on " + kindOfThread();
        });
        Mono<String> computing =
                Offload.cpu(() -> "the sum of the primes below a million, " + primes() + ", on " + kindOfThread());
        return stage.scene("the event loop computes, and is found", onTheEventLoop(stage))
                .then(stage.scene(
                        "away from it, both at once",
                        Gather.failFast(List.of(blocking, computing))
                                .doOnNext(results -> results.forEach(stage::say))));
    }

    /** Computes until it is found, which it does after 100 ms. */
    private static Mono<?> onTheEventLoop(Stage stage) {
        Scheduler eventLoop = Schedulers.newSingle("event-loop");
        AtomicBoolean found = new AtomicBoolean();
        DiagnosticsOptions options = DiagnosticsOptions.defaults().withListener(report -> {
            if (report instanceof HoggedThread hogged) {
                stage.say("one task for " + hogged.lasted().toMillis() + " ms in "
                        + hogged.site().getFileName() + ", on " + kindOf(hogged.thread()));
                found.set(true);
            }
        });
        Mono<Long> computing = Mono.fromSupplier(() -> {
            long sum = 0;
            for (int i = 0; i < 10_000 && !found.get(); i++) {
                sum = primes();
            }
            return sum;
        });
        return Mono.using(() -> Diagnostics.enable(options), watch -> computing.subscribeOn(eventLoop), watch -> {
            watch.dispose();
            eventLoop.dispose();
        });
    }

    private static String kindOfThread() {
        return kindOf(Thread.currentThread().getName());
    }

    private static String kindOf(String thread) {
        return thread.replaceAll("-?\\d+$", "");
    }

    private static long primes() {
        boolean[] composite = new boolean[1_000_000];
        long sum = 0;
        for (int i = 2; i < composite.length; i++) {
            if (!composite[i]) {
                sum += i;
                for (long j = (long) i * i; j < composite.length; j += i) {
                    composite[(int) j] = true;
                }
            }
        }
        return sum;
    }
}
