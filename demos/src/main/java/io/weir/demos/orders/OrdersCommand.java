package io.weir.demos.orders;

import io.r2dbc.spi.R2dbcException;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.demos.command.Use;
import io.weir.demos.command.UseFailedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code weir demo orders}: many orders at once on few connections, a race for the last item, and a query that is cancelled. */
@Command(
        name = "orders",
        usageHelpAutoWidth = true,
        header = "a database: many queries on few connections, transactions, a cancelled query",
        description = {
            "",
            "Without a database it has one inside this process. In one that is given, it makes the tables weir_item and"
                    + " weir_order anew.",
            ""
        })
public final class OrdersCommand extends Use {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The database, as r2dbc:postgresql://USER:PASSWORD@HOST/NAME.")
    private String url = "r2dbc:h2:mem:///weir-orders;DB_CLOSE_DELAY=-1";

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4",
            description = "Use at most N at once. Default: ${DEFAULT-VALUE}.")
    private int connections;

    /** For picocli, which fills in the options. */
    public OrdersCommand() {}

    @Override
    protected Mono<?> run() {
        require(connections >= 1 && connections <= 100, "--connections must be from 1 to 100, not " + connections);
        return Bracket.using(Mono.fromCallable(this::database), this::show, Database::close)
                .onErrorMap(
                        R2dbcException.class,
                        error -> new UseFailedException("the database says: " + error.getMessage()));
    }

    private Database database() {
        try {
            return new Database(url, connections);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw badUsage("--url is of no use: " + e.getMessage());
        }
    }

    private Mono<Void> show(Database database) {
        Shop shop = new Shop(database);
        return shop.open()
                .then(Mono.defer(() -> saying("%s, at most %d connections".formatted(database.product(), connections))))
                .then(manyOrders(shop))
                .then(theLastItem(shop))
                .then(cancelledQuery(shop, database));
    }

    /** Many more at once than there are connections: each waits for its turn, and holds no thread while it does. */
    private Mono<Void> manyOrders(Shop shop) {
        List<Mono<String>> orders = IntStream.range(0, 200)
                .mapToObj(i -> shop.order("customer " + i, "pear"))
                .toList();
        return shop.stock("pear", 150)
                .then(Gather.settled(50, orders))
                .doOnNext(outcomes -> say("200 orders of 150 pears: %s".formatted(told(outcomes))))
                .then(shop.left("pear"))
                .doOnNext(left -> say("pears that are left: %d".formatted(left)))
                .then();
    }

    /** Both have written their order down before they find out who was first; the other one's is rolled back. */
    private Mono<Void> theLastItem(Shop shop) {
        return shop.stock("quince", 1)
                .then(Gather.settled(List.of(shop.order("anna", "quince"), shop.order("bert", "quince"))))
                .doOnNext(outcomes -> say("two orders of the last quince: %s".formatted(told(outcomes))))
                .then(shop.orders("quince"))
                .doOnNext(orders -> say("orders of quinces that are written down: %d".formatted(orders)))
                .then();
    }

    private Mono<Void> cancelledQuery(Shop shop, Database database) {
        return TaskGroup.using(group -> {
            Task<Long> report = group.start("report", shop.longReport());
            return Mono.delay(Duration.ofMillis(300))
                    .then(Mono.fromRunnable(() -> {
                        say("a long report runs: %d connection lent".formatted(database.lent()));
                        report.cancel("it takes too long");
                    }))
                    .then(report.terminated())
                    .then(Mono.fromRunnable(
                            () -> say("it is cancelled: %d connections lent".formatted(database.lent()))));
        });
    }

    private static String told(List<Outcome<String>> outcomes) {
        long placed = outcomes.stream().filter(Outcome::isSuccess).count();
        long soldOut = outcomes.stream()
                .filter(outcome -> outcome instanceof Outcome.Failure<String> failure
                        && failure.error() instanceof SoldOutException)
                .count();
        long failed = outcomes.size() - placed - soldOut;
        return placed + " placed, " + soldOut + " sold out" + (failed == 0 ? "" : ", " + failed + " FAILED");
    }
}
