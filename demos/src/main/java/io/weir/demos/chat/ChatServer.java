package io.weir.demos.chat;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.weir.core.sync.Bracket;
import io.weir.core.task.TaskGroup;
import io.weir.demos.page.Page;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Serves the page, and a WebSocket to each member: {@code /rooms/ROOM?name=NAME}. */
final class ChatServer {
    private static final int MOST_ROOMS = 64;
    private static final int LARGEST_FRAME = 32 << 10;

    /** What the kernel holds for a member, on top of its outbox. */
    private static final int SEND_BUFFER = 64 << 10;

    private static final WebsocketServerSpec FRAMES =
            WebsocketServerSpec.builder().maxFramePayloadLength(LARGEST_FRAME).build();

    private final TaskGroup tasks;
    private final Overflow overflow;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** @param tasks where the rooms run */
    ChatServer(TaskGroup tasks, Overflow overflow) {
        this.tasks = tasks;
        this.overflow = overflow;
    }

    /** Emits it when it listens. */
    Mono<? extends DisposableServer> start(String host, int port) {
        return Page.of(ChatServer.class)
                .flatMap(page -> HttpServer.create()
                        .host(host)
                        .port(port)
                        .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
                        .route(routes -> routes.get("/", (request, response) -> page.sendTo(response))
                                .get("/rooms/{room}", this::enter))
                        .bind());
    }

    private Publisher<Void> enter(HttpServerRequest request, HttpServerResponse response) {
        List<String> names = new QueryStringDecoder(request.uri()).parameters().getOrDefault("name", List.of(""));
        Optional<Room> room = room(Line.name(Objects.requireNonNull(request.param("room"))));
        return room.isPresent()
                ? response.sendWebsocket(
                        (in, out) -> talk(room.get(), new Member(Line.name(names.get(0)), overflow), in, out), FRAMES)
                : response.status(HttpResponseStatus.SERVICE_UNAVAILABLE).send();
    }

    private Optional<Room> room(String name) {
        if (!rooms.containsKey(name) && rooms.size() < MOST_ROOMS) {
            Room fresh = new Room();
            if (rooms.putIfAbsent(name, fresh) == null) {
                tasks.start("room " + name, fresh.run());
            }
        }
        return Optional.ofNullable(rooms.get(name));
    }

    /** Lasts until one side has enough: the member leaves, or is too slow. However it ends, the room hears of it. */
    private static Mono<Void> talk(Room room, Member member, WebsocketInbound in, WebsocketOutbound out) {
        Mono<Void> says = in.receive()
                .asString()
                .filter(text -> !text.isBlank())
                .concatMap(text -> room.say(member, text))
                .then();
        Mono<Void> hears = out.sendString(member.heard()).then();
        // A farewell would stand behind all that it has not read.
        Mono<Void> leaves = member.tooSlow().doOnSuccess(slow -> in.withConnection(Connection::dispose));
        return Bracket.using(
                room.join(member).thenReturn(member), inside -> Mono.firstWithSignal(says, hears, leaves), room::leave);
    }
}
