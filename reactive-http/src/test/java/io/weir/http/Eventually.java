package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens on other threads. */
final class Eventually {
    private Eventually() {}

    static void check(String what, BooleanSupplier condition) {
        // Not by a Reactor timer, which a test in virtual time would not get on.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** No fetch holds or waits for anything any more. */
    static void quiet(FetchClient client) {
        check("client is quiet", () -> {
            FetchStats now = client.stats();
            return now.inFlight() == 0 && now.waiting() == 0 && now.hosts() == 0;
        });
    }

    /** Besides, every socket that is open is an idle one. */
    static void settled(FetchClient client) {
        quiet(client);
        check("client has only idle sockets", () -> {
            FetchStats now = client.stats();
            return now.openSockets() == now.idleSockets();
        });
    }
}
