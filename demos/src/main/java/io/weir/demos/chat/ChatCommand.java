package io.weir.demos.chat;

import io.weir.core.sync.Bracket;
import io.weir.core.task.TaskGroup;
import io.weir.demos.command.Use;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** {@code weir demo chat}: a web page to talk on, over WebSocket. */
@Command(
        name = "chat",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "rooms to talk in, over WebSocket, where nobody is held up by who is slow",
        description = {
            "",
            "With --port it serves a web page until Ctrl-C. Without, it starts on a free port, some scripted members talk,"
                    + " one of whom does not read, and it ends.",
            ""
        })
public final class ChatCommand extends Use {
    @Option(names = "--port", paramLabel = "N", description = "Serve on this port; 0 is any that is free.")
    private int port = -1;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Listen here; 0.0.0.0 lets others in. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    @Option(
            names = "--slow",
            paramLabel = "WHAT",
            defaultValue = "disconnect",
            description = {
                "What becomes of who reads too slowly: skip (misses some, and is told how many) or disconnect.",
                "Default: ${DEFAULT-VALUE}."
            })
    private Overflow slow = Overflow.DISCONNECT;

    /** For picocli, which fills in the options. */
    public ChatCommand() {}

    @Override
    protected Mono<?> run() {
        require(port >= -1 && port <= 65_535, "--port must be from 0 to 65535, not " + port);
        return port < 0
                ? serve("127.0.0.1", 0, bound -> new Script(bound.port(), this::say).play())
                : serve(
                        host,
                        port,
                        bound -> saying("chat on http://" + host + ":" + bound.port() + "/ until Ctrl-C")
                                .then(Mono.never()));
    }

    private interface Meanwhile {
        Mono<Void> on(DisposableServer bound);
    }

    private Mono<Void> serve(String address, int number, Meanwhile meanwhile) {
        return TaskGroup.using(tasks -> Bracket.<DisposableServer, Void>using(
                        new ChatServer(tasks, slow).start(address, number).cast(DisposableServer.class),
                        meanwhile::on,
                        bound -> Mono.fromRunnable(bound::dispose).then(bound.onDispose()))
                .doFinally(end -> tasks.cancel("the server is closed")));
    }
}
