package io.weir.demos.ideas;

import io.weir.demos.aggregate.AggregateCommand;
import io.weir.demos.chat.ChatCommand;
import io.weir.demos.command.WeirCommand;
import io.weir.demos.copy.CopyCommand;
import io.weir.demos.fetch.FetchCommand;
import io.weir.demos.load.LoadCommand;
import io.weir.demos.mailer.MailerCommand;
import io.weir.demos.orders.OrdersCommand;
import io.weir.demos.sensors.SensorsCommand;
import io.weir.demos.service.ServiceCommand;
import io.weir.demos.train.TrainCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code weir demo}: lists the demos, or runs one or all of them. */
@Command(
        name = "demo",
        usageHelpAutoWidth = true,
        header = "Shows the ideas of Weir, as asyncio's users know them, and uses of it.",
        description = {
            "",
            "Without a NAME it lists what there is. The source of each idea is one small file; that of each use is a"
                    + " package of its name.",
            ""
        },
        synopsisSubcommandLabel = "[USE]",
        commandListHeading = "%nUses, which have options of their own:%n",
        subcommands = {
            FetchCommand.class,
            AggregateCommand.class,
            ServiceCommand.class,
            LoadCommand.class,
            CopyCommand.class,
            TrainCommand.class,
            MailerCommand.class,
            OrdersCommand.class,
            ChatCommand.class,
            SensorsCommand.class,
        })
public final class DemoCommand extends WeirCommand {
    private static final List<Demo> IDEAS = List.of(
            new Hello(),
            new SequenceAndGather(),
            new Chain(),
            new Tasks(),
            new Timeout(),
            new Background(),
            new Cancel(),
            new Race(),
            new Queue(),
            new QueueOrders(),
            new Impatient(),
            new AsyncGenerator(),
            new Semaphore(),
            new Meeting(),
            new Rate(),
            new OffEventLoop(),
            new Forgotten(),
            new Deadlines(),
            new Periodically(),
            new OtherPrograms(),
            new LiveTree(),
            new ManyFiles(),
            new BigLog());

    @Parameters(paramLabel = "NAME", description = "Which to run, one after the other.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Run all of them.")
    private boolean all;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description = "Make a demo's second so many times as short. Default: ${DEFAULT-VALUE}.")
    private double speed;

    /** For picocli, which fills in the options. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        require(speed >= 0.1 && speed <= 1000, "--speed must be from 0.1 to 1000, not " + speed);
        List<Demo> chosen = all ? IDEAS : names.stream().map(this::named).toList();
        if (chosen.isEmpty()) {
            IDEAS.forEach(demo -> list(demo.name(), demo.about()));
            uses().forEach((name, use) -> list(name, about(use)));
            return DONE;
        }
        Stage stage = new Stage(out(), speed);
        Flux.fromIterable(chosen).concatMap(demo -> played(demo, stage)).then().block();
        return all ? allUses() : DONE;
    }

    private Mono<Void> played(Demo demo, Stage stage) {
        return Mono.fromRunnable(() -> heading(demo.name(), demo.about()))
                .then(demo.run(stage))
                .then();
    }

    /** Each without arguments. The first that fails ends it. */
    private int allUses() {
        for (Map.Entry<String, CommandLine> use : uses().entrySet()) {
            heading(use.getKey(), about(use.getValue()));
            int code = use.getValue().execute();
            if (code != DONE) {
                return code;
            }
        }
        return DONE;
    }

    private Map<String, CommandLine> uses() {
        return line().getSubcommands();
    }

    private static String about(CommandLine use) {
        return use.getCommandSpec().usageMessage().header()[0];
    }

    private void list(String name, String about) {
        out().printf("%-20s  %s%n", name, about);
    }

    private void heading(String name, String about) {
        out().printf("== %s: %s%n", name, about);
    }

    private Demo named(String name) {
        return IDEAS.stream()
                .filter(demo -> demo.name().equals(name))
                .findFirst()
                .orElseThrow(() -> badUsage("there is no demo '" + name + "', but "
                        + Stream.concat(IDEAS.stream().map(Demo::name), uses().keySet().stream())
                                .collect(Collectors.joining(", "))));
    }
}
