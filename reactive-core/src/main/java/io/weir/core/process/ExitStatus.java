package io.weir.core.process;

import java.util.Map;
import java.util.Optional;

/**
 * How a process ended, as the JVM tells it: the code it exited with, or 128 and the number of the signal that killed it. A shell tells
 * of a command of its own that was killed in the same way, so 143 is also what {@code sh} exits with when its last command got a SIGTERM.
 *
 * @param code 0 for success
 */
public record ExitStatus(int code) {
    private static final int SIGNALS = 128;

    /** Those whose numbers are the same on Linux and macOS. */
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"));

    /**
     * Whether it is zero.
     *
     * @return true for success
     */
    public boolean isSuccess() {
        return code == 0;
    }

    /**
     * The signal that this code stands for.
     *
     * @return its name, such as {@code SIGTERM}, or empty where the code stands for none that is known
     */
    public Optional<String> signal() {
        return Optional.ofNullable(NAMES.get(code - SIGNALS));
    }

    @Override
    public String toString() {
        return signal().map(name -> code + " (" + name + ")").orElse(Integer.toString(code));
    }
}
