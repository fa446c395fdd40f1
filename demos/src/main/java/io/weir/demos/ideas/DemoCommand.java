package io.weir.demos.ideas;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code weir demo}: lists the demos, or runs one or all of them. */
@Command(
        name = "demo",
        usageHelpAutoWidth = true,
        header = "Shows one idea of Weir, as asyncio's users know it.",
        description = {"", "Without a NAME it lists what there is. The source of each is one small file.", ""})
public final class DemoCommand implements Callable<Integer> {
    private static final List<Demo> DEMOS = List.of(
            new Hello(),
            new SequenceAndGather(),
            new Chain(),
            new Tasks(),
            new Timeout(),
            new Background(),
            new Cancel(),
            new Queue(),
            new AsyncGenerator(),
            new Semaphore(),
            new OffEventLoop(),
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

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this, and end.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec command;

    /** For picocli, which fills in the options. */
    public DemoCommand() {}

    @Override
    public Integer call() {
        if (!(speed >= 0.1 && speed <= 1000)) {
            throw new ParameterException(line(), "--speed must be from 0.1 to 1000, not " + speed);
        }
        PrintWriter out = line().getOut();
        List<Demo> chosen = all ? DEMOS : names.stream().map(this::named).toList();
        if (chosen.isEmpty()) {
            DEMOS.forEach(demo -> out.printf("%-20s  %s%n", demo.name(), demo.about()));
            return 0;
        }
        Stage stage = new Stage(out, speed);
        Flux.fromIterable(chosen)
                .concatMap(demo -> played(demo, stage, out))
                .then()
                .block();
        return 0;
    }

    private static Mono<Void> played(Demo demo, Stage stage, PrintWriter out) {
        return Mono.fromRunnable(() -> out.printf("== %s: %s%n", demo.name(), demo.about()))
                .then(demo.run(stage))
                .then();
    }

    private CommandLine line() {
        return Objects.requireNonNull(command).commandLine();
    }

    private Demo named(String name) {
        return DEMOS.stream()
                .filter(demo -> demo.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        line(),
                        "there is no demo '" + name + "', but "
                                + DEMOS.stream().map(Demo::name).collect(Collectors.joining(", "))));
    }
}
