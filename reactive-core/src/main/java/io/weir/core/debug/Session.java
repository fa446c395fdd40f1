package io.weir.core.debug;

import java.lang.ref.Reference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.Logger;
import reactor.util.Loggers;
import reactor.util.context.Context;

/** From enabling to disabling: the hooks, and the one daemon thread that looks at threads and hears of what was collected. */
final class Session implements Runnable {
    private static final String KEY = "weir.debug";
    private static final Logger LOG = Loggers.getLogger(Diagnostics.class);

    final Sightings sightings = new Sightings();

    private final DiagnosticsOptions options;
    private final CopyOnWriteArrayList<Heartbeat> heartbeats;
    private final Made.Live live = new Made.Live();
    private final Set<RunningThread> threads = ConcurrentHashMap.newKeySet();
    private final ThreadLocal<RunningThread> here = ThreadLocal.withInitial(this::newcomer);
    private final Thread looking = new Thread(this, "weir-diagnostics");
    private @Nullable DumpSignal signal;
    private volatile boolean closed;

    Session(DiagnosticsOptions options, CopyOnWriteArrayList<Heartbeat> heartbeats) {
        this.options = options;
        this.heartbeats = heartbeats;
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
        looking.interrupt();
        live.all.clear();
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
    }

    @Override
    public void run() {
        long period = Math.max(1, options.threshold().toNanos() / Watched.LOOKS);
        long next = System.nanoTime() + period;
        while (!closed) {
            try {
                long left = next - System.nanoTime();
                Reference<? extends Tracked> collected =
                        left > 0 ? live.collected.remove(left / 1_000_000 + 1) : live.collected.poll();
                if (collected instanceof Made made) {
                    Report report = made.report();
                    if (report != null) {
                        found(report);
                    }
                }
                if (System.nanoTime() - next >= 0) {
                    look();
                    next = System.nanoTime() + period; // never sooner, whatever the looking took
                }
            } catch (InterruptedException e) {
                // closed
            }
        }
    }

    private void look() {
        threads.removeIf(RunningThread::isGone);
        threads.forEach(thread -> thread.look(this));
        heartbeats.removeIf(Heartbeat::isClosed);
        for (Heartbeat heartbeat : heartbeats) {
            heartbeat.look(this);
            heartbeat.send();
        }
    }

    private RunningThread newcomer() {
        RunningThread thread = new RunningThread();
        threads.add(thread);
        return thread;
    }
}
