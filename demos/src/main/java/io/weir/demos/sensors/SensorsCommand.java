package io.weir.demos.sensors;

import io.weir.core.sync.AsyncEvent;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.demos.command.Use;
import io.weir.http.FetchClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** {@code weir demo sensors}: averages of what thousands of simulated sensors measure, live on a web page. */
@Command(
        name = "sensors",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "thousands of sensors, averaged as they come, and readers that cannot keep up",
        description = {
            "",
            "With --port it serves a web page until Ctrl-C. Without, it measures for a second, tells the averages, and"
                    + " ends.",
            ""
        })
public final class SensorsCommand extends Use {
    private static final int TICKS = 3;
    private static final int WINDOWS = 10;
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofMillis(250);

    @Option(
            names = "--sensors",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Simulate N of them. Default: ${DEFAULT-VALUE}.")
    private int sensors;

    @Option(names = "--port", paramLabel = "N", description = "Serve on this port; 0 is any that is free.")
    private int port = -1;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Listen here; 0.0.0.0 lets others in. Default: ${DEFAULT-VALUE}.")
    private String host = "";

    /** For picocli, which fills in the options. */
    public SensorsCommand() {}

    @Override
    protected Mono<?> run() {
        require(sensors >= 1 && sensors <= 100_000, "--sensors must be from 1 to 100000, not " + sensors);
        require(port >= -1 && port <= 65_535, "--port must be from 0 to 65535, not " + port);
        return Mono.defer(() -> {
            Station station = new Station(sensors, TICKS);
            return port < 0
                    ? serve(station, "127.0.0.1", 0, bound -> sample(station, bound.port()))
                    : serve(
                            station,
                            host,
                            port,
                            bound -> saying("http://" + host + ":" + bound.port() + "/ until Ctrl-C")
                                    .then(station.run(Integer.MAX_VALUE / TICKS, LONG)));
        });
    }

    /** One who keeps up, one who is busy all the time, and the sensors, which begin when both are there. */
    private Mono<Void> sample(Station station, int number) {
        return Bracket.using(
                        Mono.fromSupplier(FetchClient::create),
                        client -> TaskGroup.using(group -> {
                            AsyncEvent connected = AsyncEvent.create();
                            AsyncEvent over = AsyncEvent.create();
                            Task<List<String>> quick =
                                    group.start("quick", Watcher.overHttp(client, number, connected::set));
                            Task<List<Window>> slow = group.start("slow", Watcher.slow(station, over.await()));
                            Task<Void> teller = group.start(
                                    "teller",
                                    station.windows()
                                            .doOnNext(window -> say(window.toString()))
                                            .then());
                            return connected
                                    .await()
                                    .then(station.run(WINDOWS, SHORT))
                                    .doOnSuccess(measured -> over.set())
                                    .then(teller.join())
                                    .then(Gather.failFast(quick.join(), slow.join(), this::told));
                        }),
                        FetchClient::closeLater)
                .then();
    }

    private boolean told(@Nullable List<String> quick, @Nullable List<Window> slow) {
        say("who kept up, over HTTP, has seen " + Objects.requireNonNull(quick).size() + " windows");
        say("who was busy has seen the windows "
                + Objects.requireNonNull(slow).stream().map(Window::number).toList());
        return true;
    }

    private static Mono<Void> serve(
            Station station, String address, int number, Function<DisposableServer, Mono<Void>> meanwhile) {
        return Bracket.using(
                new StationServer(station).start(address, number).cast(DisposableServer.class),
                meanwhile,
                bound -> Mono.fromRunnable(bound::dispose).then(bound.onDispose()));
    }
}
