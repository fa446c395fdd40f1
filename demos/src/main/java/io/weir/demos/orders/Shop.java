package io.weir.demos.orders;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Items and orders, in two tables of a database. */
final class Shop {
    private static final String[] TABLES = {
        "drop table if exists weir_order",
        "drop table if exists weir_item",
        "create table weir_item (name varchar(100) primary key, stock integer not null)",
        "create table weir_order (item varchar(100) not null references weir_item (name), customer varchar(100) not null)"
    };

    private final Database database;

    Shop(Database database) {
        this.database = database;
    }

    /** Makes the tables anew. */
    Mono<Void> open() {
        return database.using(connection -> Flux.fromArray(TABLES)
                .concatMap(sql -> updated(connection.createStatement(sql)))
                .then());
    }

    Mono<Void> stock(String item, int number) {
        return database.using(connection -> updated(connection
                        .createStatement("insert into weir_item (name, stock) values ($1, $2)")
                        .bind("$1", item)
                        .bind("$2", number)))
                .then();
    }

    /**
     * Writes an order down and takes the item from the stock, in one transaction: where there is none left, there is no order either, and this fails
     * with {@link SoldOutException}. Emits the customer.
     */
    Mono<String> order(String customer, String item) {
        return database.inTransaction(connection -> updated(connection
                        .createStatement("insert into weir_order (item, customer) values ($1, $2)")
                        .bind("$1", item)
                        .bind("$2", customer))
                .then(updated(connection
                        .createStatement("update weir_item set stock = stock - 1 where name = $1 and stock > 0")
                        .bind("$1", item)))
                .flatMap(taken -> taken == 1 ? Mono.just(customer) : Mono.error(new SoldOutException(item))));
    }

    Mono<Long> orders(String item) {
        return number("select count(*) from weir_order where item = $1", item);
    }

    Mono<Long> left(String item) {
        return number("select stock from weir_item where name = $1", item);
    }

    private Mono<Long> number(String sql, String item) {
        return database.using(connection -> Flux.from(
                        connection.createStatement(sql).bind("$1", item).execute())
                .concatMap(result -> result.map((Readable row) -> (Number) Objects.requireNonNull(row.get(0))))
                .next()
                .map(Number::longValue));
    }

    /** Emits how many rows came. */
    private static Mono<Long> counted(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(result -> result.map((Readable row) -> true))
                .count();
    }

    /** Emits how many rows were changed. */
    private static Mono<Long> updated(Statement statement) {
        return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).reduce(0L, Long::sum);
    }

    /** A query that takes a minute: longer than anybody wants to wait. */
    Mono<Long> longReport() {
        return database.using(connection -> {
            return database.isH2()
                    ? updated(connection.createStatement(
                                    "create alias if not exists sleep for 'java.lang.Thread.sleep(long)'"))
                            .then(Mono.defer(() -> counted(connection.createStatement("call sleep(60000)"))))
                    : counted(connection.createStatement("select pg_sleep(60)"));
        });
    }
}
