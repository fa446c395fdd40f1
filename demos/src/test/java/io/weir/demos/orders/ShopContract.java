package io.weir.demos.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The same for every database. */
abstract class ShopContract {
    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Database database;
    private Shop shop;

    abstract String url();

    @BeforeEach
    void open() {
        database = new Database(url(), CONNECTIONS);
        shop = new Shop(database);
        shop.open().block(PATIENCE);
    }

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(database.lent()).isZero();
        database.close().block(PATIENCE);
    }

    @Test
    void anOrderTakesOneFromTheStock() {
        shop.stock("pear", 3).then(shop.order("anna", "pear")).block(PATIENCE);
        assertThat(shop.left("pear").block(PATIENCE)).isEqualTo(2);
        assertThat(shop.orders("pear").block(PATIENCE)).isEqualTo(1);
    }

    @Test
    void ofTwoThatWantTheLastExactlyOneGetsIt() {
        for (int i = 0; i < 20; i++) {
            String item = "pear " + i;
            List<Outcome<String>> outcomes = shop.stock(item, 1)
                    .then(Gather.settled(List.of(shop.order("anna", item), shop.order("bert", item))))
                    .block(PATIENCE);
            assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(1);
            assertThat(outcomes)
                    .filteredOn(outcome -> outcome instanceof Outcome.Failure<String> failure
                            && failure.error() instanceof SoldOutException)
                    .hasSize(1);
            assertThat(shop.orders(item).block(PATIENCE)).isEqualTo(1);
            assertThat(shop.left(item).block(PATIENCE)).isZero();
        }
    }

    @Test
    void manyMoreOrdersThanConnectionsAreAllServed() {
        List<Mono<String>> orders = IntStream.range(0, 100)
                .mapToObj(i -> shop.order("customer " + i, "pear"))
                .toList();
        List<Outcome<String>> outcomes =
                shop.stock("pear", 60).then(Gather.settled(orders)).block(PATIENCE);
        assertThat(outcomes).filteredOn(Outcome::isSuccess).hasSize(60);
        assertThat(shop.orders("pear").block(PATIENCE)).isEqualTo(60);
    }

    @Test
    void whatFailsInATransactionLeavesNothing() {
        Outcome<String> outcome = Objects.requireNonNull(
                        Gather.settled(List.of(shop.order("anna", "unknown"))).block(PATIENCE))
                .get(0);
        assertThat(outcome).isInstanceOf(Outcome.Failure.class);
        assertThat(shop.orders("unknown").block(PATIENCE)).isZero();
    }

    @Test
    void cancelledQueriesGiveTheirConnectionsBack() {
        for (int i = 0; i < 3; i++) {
            TaskGroup.using(group -> {
                        List<Task<Long>> reports = IntStream.range(0, CONNECTIONS)
                                .mapToObj(report -> group.start("report", shop.longReport()))
                                .toList();
                        return Mono.delay(Duration.ofMillis(200))
                                .doOnNext(late -> {
                                    assertThat(database.lent()).isEqualTo(CONNECTIONS);
                                    reports.forEach(Task::cancel);
                                })
                                .thenMany(Flux.fromIterable(reports).concatMap(Task::terminated))
                                .then();
                    })
                    .block(PATIENCE);
            assertThat(database.lent()).isZero();
        }
        shop.stock("pear", 1).then(shop.order("anna", "pear")).block(PATIENCE);
    }

    @Test
    void theUseTellsTheSameOfEveryDatabase() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(new CommandLine(new OrdersCommand())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute("--url", url()))
                .as(err::toString)
                .isZero();
        assertThat(out.toString().lines().skip(1))
                .containsExactly(
                        "200 orders of 150 pears: 150 placed, 50 sold out",
                        "pears that are left: 0",
                        "two orders of the last quince: 1 placed, 1 sold out",
                        "orders of quinces that are written down: 1",
                        "a long report runs: 1 connection lent",
                        "it is cancelled: 0 connections lent");
    }
}
