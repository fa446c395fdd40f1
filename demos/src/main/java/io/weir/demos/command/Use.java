package io.weir.demos.command;

import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.files.FileException;
import io.weir.http.FetchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;

/**
 * A use of Weir among the demos: a command of its own, which without arguments shows itself and ends. It says what it does
 * as a Mono; this class runs that as a task, which Ctrl-C cancels. What a {@code Bracket} has to release holds the
 * task, so it is released before the JVM ends.
 *
 * <p>A failure of the kind that happens is one line on standard error and exit code 1: an exception of Weir's files and
 * HTTP, a deadline that is over, one of I/O, or {@link UseFailedException}. Any other is a defect of the use.
 */
public abstract class Use extends WeirCommand {

    /** For picocli, which fills in the options. */
    protected Use() {}

    /**
     * What it does. May throw {@link #badUsage}.
     *
     * @return completes when it is done; what it emits is not looked at
     */
    protected abstract Mono<?> run();

    /**
     * Prints a line, from any thread.
     *
     * @param line what to print
     */
    protected final void say(String line) {
        out().println(line);
        out().flush();
    }

    /**
     * The same as a step of a pipeline.
     *
     * @param line what to print
     * @return prints it, on each subscription
     */
    protected final Mono<Void> saying(String line) {
        return Mono.fromRunnable(() -> say(line));
    }

    @Override
    public final Integer call() {
        CommandLine parent = line().getParent();
        if (parent != null && parent.getParseResult() != null) {
            require(
                    !parent.getParseResult().hasSubcommand()
                            || parent.getParseResult().matchedArgs().isEmpty(),
                    "runs by itself: what stands before it is of no use");
        }
        Outcome<?> outcome = outcome(run());
        if (outcome instanceof Outcome.Failure<?> failure) {
            return fail(FAILED, problem(failure.error()));
        }
        return outcome instanceof Outcome.Cancelled ? INTERRUPTED : DONE;
    }

    private <T> Outcome<T> outcome(Mono<T> work) {
        TaskGroup group = TaskGroup.open();
        return Interrupt.stops(() -> group.cancel("Ctrl-C"), () -> {
            Task<T> task = group.start(line().getCommandName(), work);
            task.terminated().then(group.close()).block();
            return task.outcome().orElseThrow();
        });
    }

    /** What to say of an error; throws what is none of those that happen. */
    private static String problem(Throwable error) {
        if (error instanceof FetchException
                || error instanceof FileException
                || error instanceof DeadlineExceededException
                || error instanceof IOException
                || error instanceof UncheckedIOException
                || error instanceof ChannelBindException
                || error instanceof UseFailedException) {
            String message = error.getMessage();
            return message == null ? error.toString() : message;
        }
        if (error instanceof ParameterException badUsage) {
            throw badUsage;
        }
        throw new IllegalStateException(error.toString(), error);
    }
}
