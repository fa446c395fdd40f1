package io.weir.core.debug;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.Logger;
import reactor.util.Loggers;

/** What {@link Diagnostics} looks for and whom it tells. Immutable: each {@code with…} method gives a changed copy. */
public final class DiagnosticsOptions {
    private static final Logger LOG = Loggers.getLogger(Diagnostics.class);

    private static final DiagnosticsOptions DEFAULTS =
            new DiagnosticsOptions(false, Duration.ofMillis(100), 100_000, null, report -> LOG.warn(report.message()));

    private final boolean allOperators;
    private final Duration threshold;
    private final int maxTracked;
    private final @Nullable String dumpSignal;
    private final Consumer<? super Report> listener;

    private DiagnosticsOptions(
            boolean allOperators,
            Duration threshold,
            int maxTracked,
            @Nullable String dumpSignal,
            Consumer<? super Report> listener) {
        this.allOperators = allOperators;
        this.threshold = threshold;
        this.maxTracked = maxTracked;
        this.dumpSignal = dumpSignal;
        this.listener = listener;
    }

    /**
     * Publishers made by Weir, tasks of more than 100 ms, at most 100 000 publishers at once; warnings are logged; no signal.
     *
     * @return the defaults
     */
    public static DiagnosticsOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Looks at each Mono and Flux that user code makes by any of Reactor's operators, and not only at those that Weir has a part in. Values, as of
     * {@code Mono.just}, have nothing to run, and are never told of.
     *
     * @return a changed copy
     */
    public DiagnosticsOptions withAllOperators() {
        return new DiagnosticsOptions(true, threshold, maxTracked, dumpSignal, listener);
    }

    /**
     * How long one task may hold a thread that must not block.
     *
     * @param threshold from 1 ms to a day, 100 ms by default; found with a quarter more
     * @return a changed copy
     */
    public DiagnosticsOptions withThreshold(Duration threshold) {
        if (threshold.compareTo(Duration.ofMillis(1)) < 0 || threshold.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("the threshold must be from 1 ms to a day, and is " + threshold);
        }
        return new DiagnosticsOptions(allOperators, threshold, maxTracked, dumpSignal, listener);
    }

    /**
     * How many publishers are watched at once, some 500 bytes each. What is made while there are as many is not.
     *
     * @param publishers zero or more, 100 000 by default; zero for none
     * @return a changed copy
     */
    public DiagnosticsOptions withMaxTracked(int publishers) {
        if (publishers < 0) {
            throw new IllegalArgumentException("maxTracked must be at least 0, and is " + publishers);
        }
        return new DiagnosticsOptions(allOperators, threshold, publishers, dumpSignal, listener);
    }

    /**
     * Logs {@link Diagnostics#dump} when the process gets this signal, as of {@code kill -USR2}. The JVM keeps SIGQUIT to itself, unless it
     * runs with {@code -Xrs}.
     *
     * @param name without {@code SIG}, such as {@code USR2}
     * @return a changed copy
     */
    public DiagnosticsOptions withDumpSignal(String name) {
        return new DiagnosticsOptions(allOperators, threshold, maxTracked, Objects.requireNonNull(name), listener);
    }

    /**
     * Has {@code listener} hear of each place that is found, once, in place of the log.
     *
     * @param listener called by one daemon thread, which looks no further meanwhile
     * @return a changed copy
     */
    public DiagnosticsOptions withListener(Consumer<? super Report> listener) {
        return new DiagnosticsOptions(
                allOperators, threshold, maxTracked, dumpSignal, Objects.requireNonNull(listener));
    }

    boolean allOperators() {
        return allOperators;
    }

    Duration threshold() {
        return threshold;
    }

    int maxTracked() {
        return maxTracked;
    }

    @Nullable
    String dumpSignal() {
        return dumpSignal;
    }

    Consumer<? super Report> listener() {
        return listener;
    }

    @Override
    public String toString() {
        return "DiagnosticsOptions[allOperators=" + allOperators + ", threshold=" + threshold + ", maxTracked="
                + maxTracked + ", dumpSignal=" + dumpSignal + "]";
    }
}
