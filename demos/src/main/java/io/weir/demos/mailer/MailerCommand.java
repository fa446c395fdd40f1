package io.weir.demos.mailer;

import io.weir.core.sync.AsyncQueue;
import io.weir.core.sync.Bracket;
import io.weir.core.task.Periodic;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.demos.command.Durations;
import io.weir.demos.command.Use;
import io.weir.files.TemporaryFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code weir demo mailer}: sends the messages of a folder by SMTP, again and again. */
@Command(
        name = "mailer",
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "a periodic job that sends mail, with retries and dead letters",
        description = {
            "",
            "Sends what is put into OUTBOX, as *.eml, until Ctrl-C. What was sent is moved to OUTBOX/sent, and what cannot"
                    + " be to OUTBOX/dead.",
            "",
            "Without an OUTBOX it makes one, with a poisonous message in it, and sends to a server inside this process.",
            ""
        })
public final class MailerCommand extends Use {
    @Parameters(arity = "0..1", paramLabel = "OUTBOX", description = "A folder.")
    private @Nullable Path folder;

    @Option(
            names = "--smtp",
            paramLabel = "HOST:PORT",
            defaultValue = "localhost:25",
            description = "The server. STARTTLS is used where it is offered. Default: ${DEFAULT-VALUE}.")
    private String server = "";

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Durations.class,
            description = "How often to look for messages. Default: ${DEFAULT-VALUE}.")
    private Duration every = Duration.ZERO;

    /** For picocli, which fills in the options. */
    public MailerCommand() {}

    @Override
    protected Mono<?> run() {
        if (folder == null) {
            return TemporaryFiles.usingFolder(this::sample);
        }
        Outbox outbox = new Outbox(folder);
        Mailer mailer = new Mailer(outbox, smtp(), Duration.ofSeconds(1));
        return outbox.prepare()
                .then(Periodic.every(every)
                        .reportErrors(error -> err().println("mailer: " + error.getMessage()))
                        .run(() -> mailer.sendAll().doOnNext(this::tell)));
    }

    private Smtp smtp() {
        int colon = server.lastIndexOf(':');
        String port = server.substring(colon + 1);
        require(
                colon > 0 && port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65_535,
                "--smtp must be HOST:PORT, not '" + server + "'");
        return new Smtp(server.substring(0, colon), Integer.parseInt(port));
    }

    private Mono<?> sample(Path temporary) {
        ToySmtpServer toy = new ToySmtpServer();
        return Bracket.using(
                toy.start(),
                bound -> sample(temporary, bound.port())
                        .then(Mono.fromRunnable(() -> toy.taken().stream()
                                .sorted()
                                .forEach(to -> say("the server has mail for %s".formatted(to))))),
                bound -> Mono.fromRunnable(bound::dispose).then(bound.onDispose()));
    }

    /** Some messages wait already, the others come while the mailer runs. */
    private Mono<Void> sample(Path temporary, int port) {
        Outbox outbox = new Outbox(temporary);
        Mailer mailer = new Mailer(outbox, new Smtp("127.0.0.1", port), Duration.ofMillis(50));
        AsyncQueue<Delivery> told = AsyncQueue.bounded(16);
        Mono<Void> job = Periodic.every(Duration.ofMillis(100))
                .run(() -> mailer.sendAll()
                        .doOnNext(this::tell)
                        .flatMap(deliveries -> told.putAll(Flux.fromIterable(deliveries))));
        return outbox.prepare().then(Samples.morning(temporary)).then(TaskGroup.using(group -> {
            Task<Void> mailing = group.start("mailer", job);
            return told.asFlux()
                    .take(Samples.MORNING)
                    .then(Samples.evening(temporary))
                    .thenMany(told.asFlux().take(Samples.EVENING))
                    .then()
                    .doFinally(end -> mailing.cancel("all messages are dealt with"));
        }));
    }

    private void tell(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> say(delivery.toString()));
    }
}
