package io.weir.demos;

import io.weir.demos.crawl.CrawlCommand;
import io.weir.demos.ideas.DemoCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code weir} command line. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        versionProvider = Weir.Version.class,
        subcommands = {CrawlCommand.class, DemoCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        header = "asyncio, aiohttp and aiofiles for the JVM, at work.%n",
        footer = {"", "Each command has its own --help. To begin with: weir crawl"})
public final class Weir {

    private static final int BAD_USAGE = 2;

    private Weir() {}

    /**
     * Runs a command, and exits with its code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        quietLibraries();
        Charset charset = Charset.defaultCharset();
        int code = run(new PrintWriter(System.out, true, charset), new PrintWriter(System.err, true, charset), args);
        // Not left to the end of main: a thread of Netty's own stays for a second after its last task, and is no
        // daemon.
        System.exit(code);
    }

    /**
     * Runs a command, and leaves the JVM alone. What is wrong with the command line is told in one line.
     *
     * @param out for results
     * @param err for progress and complaints
     * @param args the command line
     * @return the exit code
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine weir = new CommandLine(new Weir())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A use may have an @FILE of its own, which it reads as it goes.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((error, line) -> complain(error.getCommandLine(), explained(error)))
                .setExecutionExceptionHandler((error, command, line) -> {
                    if (Boolean.getBoolean("weir.debug")) {
                        error.printStackTrace(err);
                    }
                    return complain(command, "this is a defect, -Dweir.debug=true shows more: " + error);
                });
        if (args.length == 0) {
            weir.usage(out);
            return 0;
        }
        return weir.execute(args);
    }

    private static int complain(CommandLine command, String problem) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + problem + " (" + name + " --help tells more)");
        command.getErr().flush();
        return BAD_USAGE;
    }

    private static String explained(ParameterException error) {
        String problem =
                Objects.requireNonNullElse(error.getMessage(), "bad usage").replaceAll("\\s*\\R\\s*", " ");
        List<String> meant =
                error instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return meant.isEmpty() ? problem : problem + ", did you mean " + meant.get(0) + "?";
    }

    /** A library's warning is one line on standard error, and its complaint that nobody logs is none. */
    private static void quietLibraries() {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s %3$s: %5$s%n");
    }

    /** The version of the jar this runs from. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Weir.class.getPackage().getImplementationVersion();
            return new String[] {"weir " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
