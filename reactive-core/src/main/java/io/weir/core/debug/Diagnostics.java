package io.weir.core.debug;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Finds the mistakes that make no error: a Mono that nobody subscribes to, a task that holds an event loop. What asyncio calls its
 * debug mode.
 *
 * <pre>{@code
 * Diagnostics.enable(); // or -Dweir.debug=true
 * }</pre>
 *
 * <p>While enabled:
 *
 * <ul>
 *   <li>A Mono or Flux that Weir made, or that was made of one, and that is garbage before anybody has subscribed to it, is reported:
 *       {@code "was never awaited"}. One that another was made of is that one's matter: of a chain only its end is told. Whatever an
 *       operator holds, as an argument, in an array or a collection of them, or captured by a function of it, counts as used, also where it is never
 *       subscribed: {@code switchIfEmpty(queue.put(x))} is no mistake. One that was made and not chosen, as by {@code b ? put : take}, is told.
 *       It takes a garbage collection to find one.
 *   <li>A task of more than 100 ms on a thread of Reactor's schedulers that must not block ({@code parallel}, {@code single}), or on an executor
 *       that is {@linkplain #watch watched}, as the event loops of Weir's HTTP client are, is reported with its stacks meanwhile. A run of
 *       {@code publishOn} through a queue that does not become empty is one task.
 *   <li>{@link #dump} is offered by JMX, and on a signal if one is chosen.
 * </ul>
 *
 * <p>Each place in the code is told once, up to 1000 of them, as a warning in the log if no
 * {@linkplain DiagnosticsOptions#withListener listener} is set; {@link #reports} tells how often. What is not enabled costs nothing: no hook
 * is set. What it costs else stands in {@code docs/design.md}.
 *
 * <p>The system property {@code weir.debug} is read when Weir makes its first Mono or Flux: {@code true}, or {@code all} for
 * {@link DiagnosticsOptions#withAllOperators}. With it, {@code weir.debug.threshold} are milliseconds, and {@code weir.debug.signal} is the name
 * of a signal.
 */
public final class Diagnostics {
    private static final Logger LOG = Loggers.getLogger(Diagnostics.class);

    private static final Object LOCK = new Object();
    private static final Map<String, Supplier<String>> DUMPS = new ConcurrentSkipListMap<>();

    private static volatile @Nullable Session session;

    static {
        try {
            enableByProperty();
        } catch (RuntimeException | LinkageError e) { // who debugs must not break
            LOG.warn("weir.debug has no effect: " + e.getMessage(), e);
        }
    }

    private Diagnostics() {}

    private static void enableByProperty() {
        String how = System.getProperty("weir.debug", "");
        if (!how.equals("true") && !how.equals("all")) {
            return;
        }
        DiagnosticsOptions options = DiagnosticsOptions.defaults();
        if (how.equals("all")) {
            options = options.withAllOperators();
        }
        Long threshold = Long.getLong("weir.debug.threshold");
        if (threshold != null) {
            options = options.withThreshold(Duration.ofMillis(threshold));
        }
        String signal = System.getProperty("weir.debug.signal");
        enable(signal == null ? options : options.withDumpSignal(signal));
    }

    /**
     * Enables with the {@linkplain DiagnosticsOptions#defaults defaults}.
     *
     * @return disposing it disables, unless it was enabled anew since
     */
    public static Disposable enable() {
        return enable(DiagnosticsOptions.defaults());
    }

    /**
     * Looks from now on: at what is made, and at tasks that are scheduled, from now on. Enabled already, it starts anew with these options.
     *
     * @param options what to look for
     * @return disposing it disables, unless it was enabled anew since
     * @throws IllegalArgumentException if the signal cannot be had; it is disabled then
     */
    public static Disposable enable(DiagnosticsOptions options) {
        Session mine = new Session(Objects.requireNonNull(options));
        synchronized (LOCK) {
            disable();
            mine.open();
            session = mine;
            export(true);
        }
        return () -> disable(mine);
    }

    /** Disables: Weir's hooks are taken away, others' stay. Without effect where it is not enabled. */
    public static void disable() {
        disable(session);
    }

    private static void disable(@Nullable Session which) {
        synchronized (LOCK) {
            if (which != null && which == session) {
                session = null;
                which.close();
                export(false);
            }
        }
    }

    /**
     * Whether it looks now.
     *
     * @return true from {@link #enable()} to {@link #disable()}
     */
    public static boolean isEnabled() {
        return session != null;
    }

    /**
     * What was found since it was enabled.
     *
     * @return one for each place, with how often by now; empty if it is not enabled
     */
    public static List<Report> reports() {
        Session now = session;
        return now == null ? List.of() : now.sightings.all();
    }

    /**
     * Has an event loop looked at that is none of Reactor's schedulers, such as one of Netty's: while enabled, it is given an empty task four times per
     * threshold, and is reported if none of them is run for that long. Many short tasks look like a long one only if they all were given to it at once and are of
     * the same code. The first such task makes its thread known, and starts it where it has none yet.
     *
     * @param name what is watched, for {@link #dump}
     * @param executor runs one task after the other, on one thread; is kept until disposed, or shut down if it is an {@code ExecutorService}
     * @return disposing it ends that
     */
    public static Disposable watch(String name, Executor executor) {
        Loop loop = new Loop(Objects.requireNonNull(name), Objects.requireNonNull(executor));
        Loop.forgetTheEnded();
        Loop.ALL.add(loop);
        return () -> Loop.ALL.remove(loop);
    }

    /**
     * Adds a part to what {@link #dump} tells, in place of one of this name. The tree of tasks is one.
     *
     * @param name its heading
     * @param text gives what it tells, each line with its end
     */
    public static void addDump(String name, Supplier<String> text) {
        DUMPS.put(Objects.requireNonNull(name), Objects.requireNonNull(text));
    }

    /**
     * What goes on now: every live task and what it waits on, what was {@linkplain #addDump added}, what is looked at, and what was found so
     * far. Enabled or not.
     *
     * @return lines, each with its end
     */
    public static String dump() {
        StringBuilder all = new StringBuilder();
        DUMPS.forEach((name, text) -> all.append(name).append(":\n").append(told(text)));
        Session now = session;
        if (now != null) {
            all.append("looking at:\n").append(now.lookingAt());
        }
        List<Report> found = reports();
        if (!found.isEmpty()) {
            all.append("found:\n");
            found.forEach(report -> all.append(line(report)).append('\n'));
        }
        return all.toString();
    }

    private static String told(Supplier<String> text) {
        try {
            return text.get();
        } catch (RuntimeException e) { // the other parts are wanted all the same
            return "failed: " + e + "\n";
        }
    }

    static String line(Report report) {
        return report.count() + " x " + report.message();
    }

    private static void export(boolean enabled) {
        try {
            DiagnosticsBean.export(enabled);
        } catch (Exception
                | LinkageError
                        e) { // a runtime image without java.management, or JMX of the container's own: the rest works
            LOG.warn("no JMX for the diagnostics: " + e.getMessage());
        }
    }
}
