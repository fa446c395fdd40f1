package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.AsyncIterator;
import io.weir.core.coroutine.Coroutine;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A countdown that waits between its numbers: read by a loop, filtered and mapped like a comprehension, and left early. */
final class AsyncGenerator implements Demo {
    @Override
    public String name() {
        return "generator";
    }

    @Override
    public String about() {
        return "async for over an async generator, and a comprehension of it";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("async for", loop(stage))
                .then(stage.scene("a comprehension", comprehension(stage)))
                .then(stage.scene("left early", leftEarly(stage)));
    }

    private static Flux<Integer> countdown(Stage stage, int from) {
        return Coroutine.generate(out -> {
            for (int i = from; i > 0; i--) {
                await(stage.sleep(0.2));
                out.yield(i);
            }
        });
    }

    private static Mono<Void> loop(Stage stage) {
        return Coroutine.async(() -> {
            try (AsyncIterator<Integer> numbers = Coroutine.iterate(countdown(stage, 3))) {
                for (int number : numbers) {
                    stage.say("got " + number);
                }
            }
            return null;
        });
    }

    private static Mono<List<Integer>> comprehension(Stage stage) {
        return countdown(stage, 6)
                .filter(number -> number % 2 == 0)
                .map(number -> number * number)
                .collectList()
                .doOnNext(squares -> stage.say("squares of the even ones: " + squares));
    }

    private static Mono<Void> leftEarly(Stage stage) {
        return Coroutine.async(() -> {
            List<Integer> two = new ArrayList<>();
            Flux<Integer> thousand = countdown(stage, 1000).doOnCancel(() -> stage.say("the generator is cancelled"));
            try (AsyncIterator<Integer> numbers = Coroutine.iterate(thousand)) {
                while (two.size() < 2 && numbers.hasNext()) {
                    two.add(numbers.next());
                }
            }
            stage.say("two were enough: " + two);
            return null;
        });
    }
}
