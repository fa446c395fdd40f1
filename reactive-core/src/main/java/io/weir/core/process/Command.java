package io.weir.core.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * What to run, and how. Immutable: each {@code with…} method gives a changed copy. Making one starts nothing.
 *
 * <pre>{@code
 * Command command = Command.of("git", "log", "--oneline")
 *         .withDirectory(repository)
 *         .withEnvironment("GIT_PAGER", "cat")
 *         .withOutputLimit(1 << 20);
 * }</pre>
 *
 * <p>No shell is involved: the arguments reach the program as they are. {@link #shell} asks for one.
 *
 * <p>What it prints as, in errors and in the task tree, is the program and the number of arguments, never the arguments, the environment or the
 * input.
 */
public final class Command {
    static final String OUTPUT_LIMIT = "outputLimit";
    static final String MAX_LINE_LENGTH = "maxLineLength";

    private static final Duration LONGEST_GRACE = Duration.ofMinutes(5);
    private static final int MOST_OUTPUT = Integer.MAX_VALUE - 8; // the longest array that every JVM can make
    private static final int LONGEST_LINE = 1 << 29;

    private final Settings settings;

    private Command(Settings settings) {
        this.settings = settings;
    }

    /** Written before the command is made, and not after. */
    private static final class Settings {
        List<String> words = List.of();

        @Nullable
        Path directory;

        boolean cleanEnvironment;
        Map<String, Optional<String>> environment = Map.of();

        @Nullable
        Publisher<byte[]> input;

        @Nullable
        Path inputFile;

        boolean inheritsInput;
        boolean errorsInOutput;
        int outputLimit = 8 << 20;
        int maxLineLength = 1 << 20;
        Charset charset = StandardCharsets.UTF_8;
        Duration grace = Duration.ofSeconds(2);

        Settings copy() {
            Settings copy = new Settings();
            copy.words = words;
            copy.directory = directory;
            copy.cleanEnvironment = cleanEnvironment;
            copy.environment = environment;
            copy.input = input;
            copy.inputFile = inputFile;
            copy.inheritsInput = inheritsInput;
            copy.errorsInOutput = errorsInOutput;
            copy.outputLimit = outputLimit;
            copy.maxLineLength = maxLineLength;
            copy.charset = charset;
            copy.grace = grace;
            return copy;
        }
    }

    /**
     * A program and its arguments.
     *
     * @param program a name, to be looked for on this JVM's path, or a path
     * @param arguments what it is given
     * @return a command with the defaults: this JVM's directory and environment, and a pipe for each of stdin, stdout and stderr
     * @throws IllegalArgumentException if the program is empty, or a word holds a NUL
     */
    public static Command of(String program, String... arguments) {
        if (program.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        List<String> words = new ArrayList<>(List.of(arguments));
        words.add(0, program);
        return new Command(new Settings()).withWords(words);
    }

    /**
     * A script for {@code /bin/sh}. Put no words of strangers into it: those are for its arguments, {@code "$1"} and so on.
     *
     * @param script the script's text
     * @param arguments what it is given
     * @return {@code sh -c script sh arguments}
     */
    public static Command shell(String script, String... arguments) {
        return of("/bin/sh", "-c", script, "sh").withArguments(arguments);
    }

    /**
     * More arguments, after those there are.
     *
     * @param more what to add
     * @return a changed copy
     * @throws IllegalArgumentException if one holds a NUL
     */
    public Command withArguments(String... more) {
        List<String> words = new ArrayList<>(settings.words);
        words.addAll(List.of(more));
        return withWords(words);
    }

    /**
     * Where it runs.
     *
     * @param directory the working directory; this JVM's by default
     * @return a changed copy
     */
    public Command withDirectory(Path directory) {
        Settings copy = settings.copy();
        copy.directory = Objects.requireNonNull(directory);
        return new Command(copy);
    }

    /**
     * Sets a variable of its environment.
     *
     * @param name the variable
     * @param value its value
     * @return a changed copy
     * @throws IllegalArgumentException if the name is empty or holds a {@code =}, or one of the two holds a NUL
     */
    public Command withEnvironment(String name, String value) {
        return withVariable(name, Optional.of(noNul(value)));
    }

    /**
     * Takes a variable out of its environment.
     *
     * @param name the variable
     * @return a changed copy
     * @throws IllegalArgumentException as {@link #withEnvironment}
     */
    public Command withoutEnvironment(String name) {
        return withVariable(name, Optional.empty());
    }

    /**
     * Gives it none of this JVM's environment, but only what {@link #withEnvironment} sets. What it leaves behind when it exits is then not
     * recognized: see {@link AsyncProcess}.
     *
     * @return a changed copy
     */
    public Command withCleanEnvironment() {
        Settings copy = settings.copy();
        copy.cleanEnvironment = true;
        return new Command(copy);
    }

    /**
     * Writes {@code source} to its stdin as soon as it has started, and closes that then. An error of the source ends the process, and is told by
     * {@link AsyncProcess#exit}.
     *
     * @param source subscribed once for each start; one chunk is requested at a time
     * @return a changed copy
     */
    public Command withInput(Publisher<byte[]> source) {
        return withInput(Objects.requireNonNull(source), null, false);
    }

    /**
     * Writes these bytes to its stdin, and closes that then.
     *
     * @param bytes not copied
     * @return a changed copy
     */
    public Command withInput(byte[] bytes) {
        return withInput(Flux.just(bytes));
    }

    /**
     * Writes this text to its stdin, in the {@link #withCharset charset} set so far, and closes that then.
     *
     * @param text the text
     * @return a changed copy
     */
    public Command withInput(String text) {
        return withInput(Flux.just(text.getBytes(settings.charset)));
    }

    /**
     * Has it read a file as stdin, by itself.
     *
     * @param file the file
     * @return a changed copy
     */
    public Command withInput(Path file) {
        return withInput(null, Objects.requireNonNull(file), false);
    }

    /**
     * Gives it this JVM's stdin.
     *
     * @return a changed copy
     */
    public Command withInheritedInput() {
        return withInput(null, null, true);
    }

    /**
     * Sends its stderr where its stdout goes; stderr is then empty.
     *
     * @return a changed copy
     */
    public Command withErrorsInOutput() {
        Settings copy = settings.copy();
        copy.errorsInOutput = true;
        return new Command(copy);
    }

    /**
     * How much of stdout and how much of stderr {@link AsyncProcess#run} keeps in memory.
     *
     * @param bytes for each of the two, from 0 to the longest array; 8 MiB by default
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public Command withOutputLimit(int bytes) {
        Settings copy = settings.copy();
        copy.outputLimit = within(OUTPUT_LIMIT, bytes, 0, MOST_OUTPUT);
        return new Command(copy);
    }

    /**
     * The longest line that is read, its ending not counted.
     *
     * @param chars from 1 to 2^29; 2^20 by default
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public Command withMaxLineLength(int chars) {
        Settings copy = settings.copy();
        copy.maxLineLength = within(MAX_LINE_LENGTH, chars, 1, LONGEST_LINE);
        return new Command(copy);
    }

    /**
     * The charset of lines and text. What is malformed is read as U+FFFD.
     *
     * @param charset UTF-8 by default
     * @return a changed copy
     */
    public Command withCharset(Charset charset) {
        Settings copy = settings.copy();
        copy.charset = Objects.requireNonNull(charset);
        return new Command(copy);
    }

    /**
     * How long it has between SIGTERM and SIGKILL when it is ended.
     *
     * @param grace from zero, which kills at once, to 5 minutes; 2 s by default
     * @return a changed copy
     * @throws IllegalArgumentException if it is out of these bounds
     */
    public Command withGrace(Duration grace) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("grace must be from 0 to 5 minutes, and is " + grace);
        }
        Settings copy = settings.copy();
        copy.grace = grace;
        return new Command(copy);
    }

    /**
     * The program.
     *
     * @return as it was given
     */
    public String program() {
        return settings.words.get(0);
    }

    /**
     * Its arguments, which may be secret.
     *
     * @return the list, without the program
     */
    public List<String> arguments() {
        return settings.words.subList(1, settings.words.size());
    }

    List<String> words() {
        return settings.words;
    }

    @Nullable
    Path directory() {
        return settings.directory;
    }

    boolean hasCleanEnvironment() {
        return settings.cleanEnvironment;
    }

    /** What is set, and, where the value is empty, what is taken out. */
    Map<String, Optional<String>> environment() {
        return settings.environment;
    }

    @Nullable
    Publisher<byte[]> input() {
        return settings.input;
    }

    @Nullable
    Path inputFile() {
        return settings.inputFile;
    }

    boolean inheritsInput() {
        return settings.inheritsInput;
    }

    boolean hasErrorsInOutput() {
        return settings.errorsInOutput;
    }

    int outputLimit() {
        return settings.outputLimit;
    }

    int maxLineLength() {
        return settings.maxLineLength;
    }

    Charset charset() {
        return settings.charset;
    }

    Duration grace() {
        return settings.grace;
    }

    /** The same, with its stdin closed where nothing was said of it. */
    Command orNoInput() {
        boolean open = settings.input == null && settings.inputFile == null && !settings.inheritsInput;
        return open ? withInput(Flux.empty()) : this;
    }

    /** The program without its folder, to name it where space is short. */
    String shortName() {
        String program = program();
        return program.substring(program.lastIndexOf('/') + 1);
    }

    private Command withWords(List<String> words) {
        words.forEach(Command::noNul);
        Settings copy = settings.copy();
        copy.words = List.copyOf(words);
        return new Command(copy);
    }

    private Command withVariable(String name, Optional<String> value) {
        if (name.isEmpty() || noNul(name).indexOf('=') >= 0) {
            throw new IllegalArgumentException("a variable's name must not be empty or hold a '=': '" + name + "'");
        }
        Map<String, Optional<String>> environment = new LinkedHashMap<>(settings.environment);
        environment.put(name, value);
        Settings copy = settings.copy();
        copy.environment = environment;
        return new Command(copy);
    }

    private Command withInput(@Nullable Publisher<byte[]> source, @Nullable Path file, boolean inherit) {
        Settings copy = settings.copy();
        copy.input = source;
        copy.inputFile = file;
        copy.inheritsInput = inherit;
        return new Command(copy);
    }

    private static String noNul(String word) {
        if (word.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a word of a command holds a NUL");
        }
        return word;
    }

    private static int within(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    setting + " must be from " + least + " to " + most + ", and is " + value);
        }
        return value;
    }

    @Override
    public String toString() {
        int count = arguments().size();
        return program() + (count == 0 ? "" : count == 1 ? " (1 argument)" : " (" + count + " arguments)");
    }
}
