package io.weir.demos.orders;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Wrapped;
import io.weir.core.offload.Offload;
import io.weir.core.sync.Bracket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A pool of connections, from which each is lent for one use and comes back whatever happens: with a value, an error, or a cancel in
 * the middle of a query.
 *
 * <p>What uses a connection begins on a worker that may block: H2's driver does its work on the thread that subscribes.
 */
final class Database {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final ConnectionPool pool;
    private final int connections;

    /** @param url as R2DBC has it: {@code r2dbc:postgresql://user:password@host/database} */
    Database(String url, int connections) {
        this.connections = connections;
        this.pool = new ConnectionPool(
                ConnectionPoolConfiguration.builder(ConnectionFactories.get(ConnectionFactoryOptions.parse(url)))
                        .initialSize(0)
                        .maxSize(connections)
                        .maxAcquireTime(LONGEST_WAIT)
                        .build());
    }

    /** Lends a connection to {@code use}. */
    <T> Mono<T> using(Function<? super Connection, ? extends Mono<T>> use) {
        return Mono.defer(() -> {
            AtomicBoolean ended = new AtomicBoolean();
            return Bracket.using(
                    onWorker(pool.create()),
                    connection ->
                            onWorker(Mono.defer(() -> use.apply(connection))).doOnTerminate(() -> ended.set(true)),
                    connection -> onWorker((ended.get() ? Mono.<Void>empty() : stopQuery(connection))
                            .then(Mono.from(connection.close()))));
        });
    }

    /** Runs {@code work} in a transaction: all of it happens, or nothing. A connection that comes back out of a cancel is rolled back by the pool. */
    <T> Mono<T> inTransaction(Function<? super Connection, ? extends Mono<T>> work) {
        return using(connection -> Mono.from(connection.beginTransaction())
                .then(Mono.defer(() -> work.apply(connection)))
                .flatMap(value -> Mono.from(connection.commitTransaction()).thenReturn(value))
                .onErrorResume(
                        error -> Mono.from(connection.rollbackTransaction()).then(Mono.error(error))));
    }

    /** How many connections are lent now. */
    int lent() {
        return pool.getMetrics().map(metrics -> metrics.acquiredSize()).orElse(0);
    }

    int connections() {
        return connections;
    }

    String product() {
        return pool.getMetadata().getName();
    }

    boolean isH2() {
        return product().equals("H2");
    }

    Mono<Void> close() {
        return pool.disposeLater();
    }

    /** PostgreSQL goes on with a query that nobody waits for, until it is told; H2's was on a worker, which was interrupted. */
    private static Mono<Void> stopQuery(Connection connection) {
        PostgresqlConnection postgres =
                connection instanceof Wrapped<?> pooled ? pooled.unwrap(PostgresqlConnection.class) : null;
        return postgres == null ? Mono.empty() : postgres.cancelRequest();
    }

    private static <T> Mono<T> onWorker(Mono<T> work) {
        return work.subscribeOn(Offload.blockingScheduler());
    }
}
