package io.weir.demos.aggregate;

import io.weir.core.sync.Bracket;
import io.weir.demos.command.Durations;
import io.weir.demos.command.Use;
import io.weir.demos.command.UseFailedException;
import io.weir.http.FetchClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code weir demo aggregate}: one answer from several APIs, with what came in time. */
@Command(
        name = "aggregate",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "several JSON APIs, one answer within one deadline, with the reason for what is missing",
        description = {
            "",
            "Without --url it asks four APIs inside this process, of which one is slow and one fails, in both ways.",
            ""
        },
        footer = {"", "Exit codes: 0 there is an answer; 1 there is none; 2 bad usage."})
public final class AggregateCommand extends Use {
    @Option(names = "--url", paramLabel = "NAME=URL", description = "A part of the answer. As many as you like.")
    private Map<String, String> urls = new LinkedHashMap<>();

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "3s",
            converter = Durations.class,
            description = "For the whole answer. Default: ${DEFAULT-VALUE}.")
    private Duration deadline = Duration.ZERO;

    @Option(names = "--all-or-nothing", description = "Fail with the first part that fails.")
    private boolean allOrNothing;

    /** For picocli, which fills in the options. */
    public AggregateCommand() {}

    @Override
    protected Mono<?> run() {
        if (urls.isEmpty()) {
            return Bracket.using(
                    SampleApis.start(),
                    apis -> asking(SampleApis.parts(apis), this::bothWays),
                    apis -> apis.stop(Duration.ZERO));
        }
        return asking(urls, all -> told(allOrNothing ? all.allOrNothing() : all.whateverComes()));
    }

    private Mono<Void> bothWays(Aggregate all) {
        return saying("whatever comes:")
                .then(told(all.whateverComes()))
                .then(saying("all or nothing:"))
                .then(told(all.allOrNothing())
                        .onErrorResume(error -> saying("nothing, as one part has " + Aggregate.reason(error))));
    }

    private Mono<Void> asking(Map<String, String> parts, Function<Aggregate, Mono<Void>> use) {
        return Bracket.using(
                Mono.fromSupplier(FetchClient::create),
                client -> use.apply(new Aggregate(client, parts, deadline)),
                FetchClient::closeLater);
    }

    private Mono<Void> told(Mono<Aggregate.Answer> answers) {
        return answers.doOnNext(answer -> say(answer.toJson()))
                .filter(answer -> answer.parts().isEmpty())
                .flatMap(none -> Mono.error(new UseFailedException("no part of the answer came")));
    }
}
