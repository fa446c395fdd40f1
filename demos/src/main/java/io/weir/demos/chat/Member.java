package io.weir.demos.chat;

import io.weir.core.sync.AsyncEvent;
import io.weir.core.sync.AsyncQueue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Somebody in a room, with a bounded outbox between the room, which never waits for a member, and the member's connection, which may be slow. */
final class Member {
    private static final int OUTBOX = 64;

    private final String name;
    private final Overflow overflow;
    private final AsyncQueue<String> outbox = AsyncQueue.bounded(OUTBOX);
    private final AsyncEvent tooSlow = AsyncEvent.create();

    /** How many lines it has missed and not been told of. Used by the room only. */
    private int missed;

    Member(String name, Overflow overflow) {
        this.name = name;
        this.overflow = overflow;
    }

    String name() {
        return name;
    }

    /** Called by the room only, one call after the other; does not wait. False: the member is too slow to stay. */
    boolean hear(String line) {
        if (missed > 0 && outbox.tryPut(Line.notice("you were too slow and missed " + missed))) {
            missed = 0;
        }
        if (missed == 0 && outbox.tryPut(line)) {
            return true;
        }
        if (overflow == Overflow.SKIP) {
            missed++;
            return true;
        }
        tooSlow.set();
        return false;
    }

    /** Emits what it is to hear, as fast as it is asked. */
    Flux<String> heard() {
        return outbox.asFlux();
    }

    /** Completes when it has to leave. */
    Mono<Void> tooSlow() {
        return tooSlow.await();
    }
}
