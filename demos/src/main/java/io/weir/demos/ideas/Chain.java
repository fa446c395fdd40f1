package io.weir.demos.ideas;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.Gather;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Steps that need each other's results follow each other; the chains of different orders go on side by side. */
final class Chain implements Demo {
    @Override
    public String name() {
        return "chain";
    }

    @Override
    public String about() {
        return "each step needs the last one's result; three chains at once";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return stage.scene("in operators", all(order -> operators(stage, order)))
                .then(stage.scene("in direct style", all(order -> direct(stage, order))));
    }

    private static Mono<?> all(IntFunction<Mono<Void>> chain) {
        List<Mono<Void>> chains = Stream.of(1, 2, 3).map(chain::apply).toList();
        return Gather.failFast(chains);
    }

    private static Mono<Void> operators(Stage stage, int order) {
        return price(stage, order)
                .flatMap(price -> invoice(stage, order, price))
                .flatMap(invoice -> stage.saying("order " + order + " is billed: " + invoice));
    }

    private static Mono<Void> direct(Stage stage, int order) {
        return Coroutine.async(() -> {
            int price = await(price(stage, order));
            String invoice = await(invoice(stage, order, price));
            stage.say("order " + order + " is billed: " + invoice);
            return null;
        });
    }

    private static Mono<Integer> price(Stage stage, int order) {
        return stage.sleep(order * 0.3).thenReturn(order * 100);
    }

    private static Mono<String> invoice(Stage stage, int order, int price) {
        return stage.sleep(0.3).thenReturn("no. " + order + " of " + price + " crowns");
    }
}
