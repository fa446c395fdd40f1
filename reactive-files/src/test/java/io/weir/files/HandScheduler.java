package io.weir.files;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs a task when told to, with a clock that is set by hand: every interleaving of turns can be made on one thread. */
final class HandScheduler implements Scheduler {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private long nanos;
    private long nanosPerLook;
    private boolean full;

    @Override
    public Disposable schedule(Runnable task) {
        if (full) {
            throw new RejectedExecutionException("no room");
        }
        tasks.add(task);
        return Disposables.disposed();
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("files schedule single turns");
    }

    @Override
    public long now(TimeUnit unit) {
        nanos += nanosPerLook;
        return unit.convert(nanos, TimeUnit.NANOSECONDS);
    }

    int waiting() {
        return tasks.size();
    }

    void refuse(boolean refuse) {
        full = refuse;
    }

    /** Every look at the clock finds the turn over. */
    void makeTurnsShort() {
        nanosPerLook = WorkerLoop.TURN_NANOS;
    }

    void runOne() {
        tasks.remove().run();
    }

    int runAll() {
        int ran = 0;
        for (; !tasks.isEmpty(); ran++) {
            runOne();
        }
        return ran;
    }
}
