package io.weir.core.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.util.context.ContextView;

/** Starts processes, and says why one could not be. */
final class Launch {
    /** How the JVM tells the system's error number, in the words of several versions. */
    private static final Pattern NUMBER = Pattern.compile("error[=:] ?(\\d+)");

    private static final int NO_SUCH_FILE = 2;
    private static final int WINDOWS_ACCESS_DENIED = 5;
    private static final int NOT_EXECUTABLE = 8;
    private static final int ACCESS_DENIED = 13;

    private Launch() {}

    /** Blocks until the program runs or could not be started. */
    static Lifetime start(Command command, ContextView context) {
        Path directory = command.directory();
        if (directory != null && !Files.isDirectory(directory)) {
            throw new ProcessDirectoryException(command, directory);
        }
        Workers.enter();
        String mark = ProcessTree.newMark();
        Lifetime started;
        try {
            started = new Lifetime(builder(command, mark).start(), command, mark);
        } catch (IOException e) {
            Workers.leave();
            throw failure(command, e);
        } catch (Throwable t) {
            Workers.leave();
            throw t;
        }
        started.begin(context);
        return started;
    }

    private static ProcessBuilder builder(Command command, String mark) {
        ProcessBuilder builder = new ProcessBuilder(command.words());
        Map<String, String> environment = builder.environment();
        if (command.hasCleanEnvironment()) {
            environment.clear();
        } else {
            environment.put(ProcessTree.MARK, mark);
        }
        command.environment()
                .forEach((name, value) ->
                        value.ifPresentOrElse(set -> environment.put(name, set), () -> environment.remove(name)));
        Path directory = command.directory();
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        Path input = command.inputFile();
        if (input != null) {
            builder.redirectInput(input.toFile());
        } else if (command.inheritsInput()) {
            builder.redirectInput(Redirect.INHERIT);
        }
        return builder.redirectErrorStream(command.hasErrorsInOutput());
    }

    private static ProcessException failure(Command command, IOException e) {
        Matcher number = NUMBER.matcher(String.valueOf(e.getMessage()));
        int error = number.find() ? Integer.parseInt(number.group(1)) : 0;
        return switch (error) {
            case NO_SUCH_FILE -> new ProcessNotFoundException(command, e);
            case ACCESS_DENIED, WINDOWS_ACCESS_DENIED, NOT_EXECUTABLE -> new ProcessAccessException(command, e);
            default -> new ProcessIoException(command, "it could not be started", e);
        };
    }
}
