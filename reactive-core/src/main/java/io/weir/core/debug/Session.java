package io.weir.core.debug;

import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;
import reactor.util.context.Context;

/**
 * From enabling to disabling: the hooks, and the one daemon thread that looks at threads and hears of what was collected.
 *
 * <p><b>State.</b> Open, then closed. <b>Writers.</b> Whoever enables or disables, under the lock of {@link Diagnostics}. What was seen of a thread
 * is the looking thread's alone. <b>Invariant.</b> There is one session at most whose hooks are set; the thread of one before may still be
 * telling, and shares nothing with this one's. <b>Publication.</b> {@link Made} and {@link RunningThread} say theirs. <b>Callbacks.</b> The
 * listener, and what is given to watched executors, by the looking thread, under no lock. <b>Loss.</b> What is collected after the
 * closing is not told. <b>Proof.</b> {@code NeverSubscribedTest}, {@code HoggedThreadTest}.
 */
final class Session implements Runnable {
    private static final String KEY = "weir.debug";
    private static final Logger LOG = Loggers.getLogger(Diagnostics.class);

    final Sightings sightings = new Sightings();

    private final DiagnosticsOptions options;
    private final Made.Live live = new Made.Live();
    private final Set<RunningThread> threads = ConcurrentHashMap.newKeySet();
    private final Map<Loop, Heartbeat> heartbeats = new HashMap<>(); // the looking thread's
    private final ThreadLocal<RunningThread> here = ThreadLocal.withInitial(this::newcomer);
    private final Thread looking = new Thread(this, "weir-diagnostics");
    private @Nullable DumpSignal signal;
    private volatile boolean closed;
    private boolean failed;

    Session(DiagnosticsOptions options) {
        this.options = options;
    }

    void open() {
        String name = options.dumpSignal();
        if (name != null) {
            signal = DumpSignal.install(name, () -> LOG.warn(Diagnostics.dump()));
        }
        looking.setDaemon(true);
        looking.start();
        Schedulers.onScheduleHook(KEY, task -> RunningThread.counted(task, here));
        if (options.maxTracked() > 0) {
            Hooks.onEachOperator(KEY, new AssemblyHook(live, options.allOperators(), options.maxTracked()));
        }
    }

    /** Takes the own hooks away, and nobody else's. */
    void close() {
        closed = true;
        Hooks.resetOnEachOperator(KEY);
        Schedulers.resetOnScheduleHook(KEY);
        live.close(); // and no interrupt, which could meet the listener
        if (signal != null) {
            signal.remove();
        }
    }

    void found(Report report) {
        if (!sightings.add(report)) {
            return;
        }
        try {
            options.listener().accept(report);
        } catch (Throwable t) { // the others are to be told all the same
            Operators.onErrorDropped(t, Context.empty());
        }
        if (sightings.isFull()) {
            LOG.warn("mistakes were found in " + Sightings.MOST + " places; no other place is told of");
        }
    }

    @Override
    public void run() {
        long period = Math.max(1, options.threshold().toNanos() / Watched.LOOKS);
        long next = System.nanoTime() + period;
        while (!closed) {
            try {
                long left = next - System.nanoTime();
                hear(left > 0 ? live.collected.remove(left / 1_000_000 + 1) : live.collected.poll());
                if (System.nanoTime() - next >= 0) {
                    look();
                    next = System.nanoTime() + period; // never sooner, whatever the looking took
                }
            } catch (InterruptedException e) {
                // by nobody of ours
            } catch (Throwable t) { // one that is odd must not hide the others
                if (!failed) {
                    failed = true;
                    LOG.warn("diagnostics go on after a failure", t);
                }
            }
        }
    }

    private void hear(@Nullable Reference<?> collected) {
        if (collected instanceof Made made) {
            Report report = made.report();
            if (report != null) {
                found(report);
            }
        }
    }

    private void look() {
        threads.removeIf(RunningThread::isGone);
        threads.forEach(thread -> thread.look(this));
        Loop.forgetTheEnded();
        heartbeats.keySet().retainAll(Set.copyOf(Loop.ALL));
        for (Loop loop : Loop.ALL) {
            Heartbeat heartbeat = heartbeats.computeIfAbsent(loop, Heartbeat::new);
            heartbeat.look(this);
            heartbeat.send();
        }
    }

    /** Lines. */
    String lookingAt() {
        Map<String, Long> loops =
                Loop.ALL.stream().collect(Collectors.groupingBy(Loop::toString, TreeMap::new, Collectors.counting()));
        StringBuilder text = new StringBuilder(live.all.size() + " of at most " + options.maxTracked()
                + " publishers that nobody has used yet\n" + threads.size() + " of Reactor's threads\n");
        loops.forEach(
                (name, count) -> text.append(name).append(" (").append(count).append(")\n"));
        return text.toString();
    }

    private RunningThread newcomer() {
        RunningThread thread = new RunningThread();
        threads.add(thread);
        return thread;
    }
}
