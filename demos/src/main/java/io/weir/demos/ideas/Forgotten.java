package io.weir.demos.ideas;

import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.debug.Report.NeverSubscribed;
import io.weir.core.sync.AsyncQueue;
import java.time.Duration;
import java.util.function.Function;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * "Coroutine was never awaited", for Monos: one that is made and dropped does nothing, and says nothing either, unless diagnostics are on
 * ({@code -Dweir.debug=true} is enough). They hear of it from the garbage collector.
 */
final class Forgotten implements Demo {
    @Override
    public String name() {
        return "forgotten";
    }

    @Override
    public String about() {
        return "a Mono that nobody subscribes to is found, with its line";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("forgotten", watched(stage, outbox -> Mono.fromRunnable(() -> send(outbox)), 200))
                .then(stage.scene("returned", watched(stage, Forgotten::sent, 3)));
    }

    private static void send(AsyncQueue<String> outbox) {
        outbox.put("a letter"); // the mistake
    }

    private static Mono<Void> sent(AsyncQueue<String> outbox) {
        return outbox.put("a letter");
    }

    private static Mono<?> watched(Stage stage, Function<AsyncQueue<String>, Mono<Void>> work, int collections) {
        return Mono.defer(() -> {
            AsyncQueue<String> outbox = AsyncQueue.unbounded();
            Sinks.One<NeverSubscribed> found = Sinks.one();
            DiagnosticsOptions options = DiagnosticsOptions.defaults().withListener(report -> {
                if (report instanceof NeverSubscribed never) {
                    found.tryEmitValue(never);
                }
            });
            return Mono.using(
                    () -> Diagnostics.enable(options),
                    session -> work.apply(outbox)
                            .then(stage.saying("it was sent"))
                            .then(Mono.fromRunnable(() -> stage.say("letters in the outbox: " + outbox.size())))
                            .then(found.asMono().takeUntilOther(garbageIsCollected(collections)))
                            .doOnNext(never -> stage.say(text(never))),
                    Disposable::dispose);
        });
    }

    private static Mono<Void> garbageIsCollected(int times) {
        return Flux.interval(Duration.ofMillis(50), Schedulers.boundedElastic())
                .take(times)
                .doOnNext(tick -> System.gc())
                .then();
    }

    private static String text(NeverSubscribed never) {
        return "a " + never.type() + " of " + never.maker() + " was never subscribed, in "
                + never.site().getFileName() + ", " + never.site().getMethodName() + "()";
    }
}
