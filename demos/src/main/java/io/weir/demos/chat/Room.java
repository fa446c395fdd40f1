package io.weir.demos.chat;

import io.weir.core.sync.AsyncQueue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Mono;

/**
 * A room. What happens in it goes through one queue and is worked off by one task, {@link #run}: so all hear the same in the same order,
 * and the set of members needs no lock. Who talks waits while that queue is full; who listens cannot hold up the room.
 */
final class Room {
    private static final int WAITING = 256;

    private final AsyncQueue<Runnable> events = AsyncQueue.bounded(WAITING);

    /** Used by {@link #run} only. */
    private final Set<Member> members = new LinkedHashSet<>();

    /** Works off what happens, until cancelled. */
    Mono<Void> run() {
        return events.asFlux().doOnNext(Runnable::run).then();
    }

    /** Completes when the room knows of it. */
    Mono<Void> join(Member member) {
        return events.put(() -> {
            members.add(member);
            tell(Line.notice(member.name() + " is here"));
        });
    }

    Mono<Void> leave(Member member) {
        return events.put(() -> {
            if (members.remove(member)) {
                tell(Line.notice(member.name() + " has left"));
            }
        });
    }

    Mono<Void> say(Member member, String text) {
        return events.put(() -> tell(Line.said(member.name(), text)));
    }

    private void tell(String line) {
        List<Member> slow = new ArrayList<>();
        members.forEach(member -> {
            if (!member.hear(line)) {
                slow.add(member);
            }
        });
        slow.forEach(members::remove);
        slow.forEach(member -> tell(Line.notice(member.name() + " was too slow and had to leave")));
    }
}
