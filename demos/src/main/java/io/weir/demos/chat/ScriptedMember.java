package io.weir.demos.chat;

import io.netty.channel.ChannelOption;
import io.weir.core.sync.AsyncQueue;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Talks over a real WebSocket, as a browser would. A slow one never reads. */
final class ScriptedMember {
    private static final int RECEIVE_BUFFER = 32 << 10;

    private final AsyncQueue<String> heard = AsyncQueue.bounded(4096);
    private final AsyncQueue<String> toSay = AsyncQueue.bounded(16);
    private final String name;
    private final boolean slow;

    ScriptedMember(String name, boolean slow) {
        this.name = name;
        this.slow = slow;
    }

    String name() {
        return name;
    }

    /** Stays in the room until it {@linkplain #leave leaves}, or is shown out. */
    Mono<Void> stay(int port, String room) {
        return HttpClient.create()
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .websocket()
                .uri("ws://127.0.0.1:" + port + "/rooms/" + room + "?name=" + name)
                .handle((in, out) -> {
                    Mono<Void> hears =
                            slow ? Mono.never() : heard.putAll(in.receive().asString());
                    return Mono.firstWithSignal(
                            hears, out.sendString(toSay.asFlux()).then());
                })
                .then();
    }

    Mono<Void> say(String text) {
        return toSay.put(text);
    }

    /** Emits the next line that it hears. */
    Mono<String> hear() {
        return heard.take();
    }

    void leave() {
        toSay.close();
    }
}
