package io.weir.demos.command;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of {@code weir}: where it prints, how it complains, and what its exit codes mean. */
public abstract class WeirCommand implements Callable<Integer> {
    /** All went well. */
    protected static final int DONE = 0;

    /** What was to be done failed. */
    protected static final int FAILED = 1;

    /** The command line is wrong. */
    protected static final int BAD_USAGE = 2;

    /** Stopped by Ctrl-C. */
    protected static final int INTERRUPTED = 130;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this, and end.")
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    /** For picocli, which fills in the options. */
    protected WeirCommand() {}

    /** {@return where results go} */
    protected final PrintWriter out() {
        return line().getOut();
    }

    /** {@return where progress and complaints go} */
    protected final PrintWriter err() {
        return line().getErr();
    }

    /** {@return the command line as picocli knows it} */
    protected final CommandLine line() {
        return Objects.requireNonNull(spec).commandLine();
    }

    /**
     * Complains in one line.
     *
     * @param code what to exit with
     * @param problem what is wrong
     * @return the code
     */
    protected final int fail(int code, String problem) {
        String name = line().getCommandSpec().qualifiedName();
        err().println(name + ": " + problem.replaceAll("\\s*\\R\\s*", " "));
        err().flush();
        return code;
    }

    /**
     * The command line is wrong: thrown, this is one line on standard error and {@link #BAD_USAGE}.
     *
     * @param problem what is wrong
     * @return to be thrown
     */
    protected final ParameterException badUsage(String problem) {
        return new ParameterException(line(), problem);
    }

    /**
     * Wants something of the command line.
     *
     * @param condition what is wanted
     * @param otherwise what is wrong where it is not so
     */
    protected final void require(boolean condition, String otherwise) {
        if (!condition) {
            throw badUsage(otherwise);
        }
    }
}
