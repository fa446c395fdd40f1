package io.weir.core.process;

import io.weir.core.task.TaskGroup;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * From the start of a process to the end of all that belongs to it. It is a Mono too: the one of the process's task in the task tree.
 *
 * <pre>
 * RUNNING ──► TERMINATING ──► KILLING ──► CLOSED
 *                  └────────────────────────┘
 * RUNNING      nobody has closed it; it may have exited
 * TERMINATING  the tree has got a SIGTERM, and the grace runs
 * KILLING      the grace is over; the tree has got a SIGKILL
 * CLOSED       nothing of the tree runs any more, as far as can be seen
 * </pre>
 *
 * <p>Beside it stand {@code exited}, which the system's word of the exit sets, and {@code ended}: exited, not between RUNNING and CLOSED, and no thread in
 * a pipe. With it the task ends and the place is given back.
 *
 * <p><b>Writers.</b> The first to close moves it to TERMINATING; after that a chain of steps, each of which schedules the next one, moves it on and alone
 * touches the tree. {@code exited} is written by the worker that was told, {@code ended} by one CAS of whoever finds its conditions true: each that makes
 * one of them true looks afterwards.
 *
 * <p><b>Invariant.</b> {@link #close} completes once for all who wait, whatever a step throws. Steps end: TERMINATING with the grace, KILLING after
 * 5 s, as a process in the kernel's hands may never die. Nothing here waits on a thread.
 *
 * <p><b>Re-entry.</b> A close during a close waits for the same end; after CLOSED it completes at once. A process that has exited by itself goes the same way when
 * it is closed: what it left behind is ended.
 *
 * <p><b>Proof.</b> {@code CloseTest}, {@code LeftBehindTest}, {@code RandomCancelTest}.
 */
final class Lifetime extends Mono<Void> implements Subscription, Scannable {
    private static final int KILL_WAIT_MILLIS = 5000;
    private static final int FIRST_LOOK_MILLIS = 2;
    private static final int LOOK_MILLIS = 100;
    private static final int SETTLING_MILLIS = 10 * OutputPipe.DRAIN_MILLIS;

    private enum Phase {
        RUNNING,
        TERMINATING,
        KILLING,
        CLOSED
    }

    private final Process process;
    private final Command command;
    private final String label;
    private final ProcessTree tree;
    private final OutputPipe stdout;
    private final OutputPipe stderr;
    private final InputPipe stdin;
    private final Sinks.One<ExitStatus> exit = Sinks.one();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean exited;
    private volatile @Nullable Throwable inputFailure;
    private @Nullable CoreSubscriber<? super Void> task;
    private @Nullable TaskGroup group;

    /** Of the steps: how often more to look for what may be becoming another program. */
    private int unsureLooks = 4;

    Lifetime(Process process, Command command, String mark) {
        this.process = process;
        this.command = command;
        this.label = command.shortName() + " [" + process.pid() + "]";
        this.tree = new ProcessTree(process.toHandle(), mark);
        this.stdout = new OutputPipe(command, "stdout", label, process.getInputStream(), this::endIfOver);
        this.stderr = new OutputPipe(command, "stderr", label, process.getErrorStream(), this::endIfOver);
        this.stdin = new InputPipe(command, process.getOutputStream(), exit.asMono(), this::endIfOver);
    }

    /** Into the task tree, and on to wait for the exit. */
    void begin(ContextView context) {
        TaskGroup opened = TaskGroup.supervisor().name("process").open(context);
        group = opened;
        opened.start(label, this);
        process.onExit().whenComplete((done, error) -> Workers.run(this::exited));
        if (command.input() != null) {
            stdin.pump(command.input(), this::inputFailed, context);
        }
    }

    private void exited() {
        exited = true;
        stdout.exited();
        stderr.exited();
        Throwable failure = inputFailure;
        if (failure == null) {
            exit.tryEmitValue(new ExitStatus(process.exitValue()));
        } else {
            exit.tryEmitError(failure);
        }
        endIfOver();
    }

    private void inputFailed(Throwable error) {
        inputFailure = error;
        startClosing();
    }

    Mono<ExitStatus> exit() {
        return exit.asMono();
    }

    /** Ends the tree, if nobody has yet, and waits for that. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            startClosing();
            return closed.asMono();
        });
    }

    /** The first step of the end. */
    void startClosing() {
        if (phase.compareAndSet(Phase.RUNNING, Phase.TERMINATING)) {
            Workers.run(() -> step(this::terminate));
        }
    }

    // ---- the steps of the end, one after the other ----

    private interface Step {
        void run();
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (Throwable t) { // whoever waits for the end must hear of it
            Operators.onErrorDropped(t, Context.empty());
            closed();
        }
    }

    private void terminate() {
        tree.find();
        if (command.grace().isZero()) {
            kill();
        } else {
            tree.terminate();
            look(command.grace().toMillis(), FIRST_LOOK_MILLIS);
        }
    }

    private void kill() {
        phase.set(Phase.KILLING);
        tree.find(); // what was started since
        tree.kill();
        look(KILL_WAIT_MILLIS, FIRST_LOOK_MILLIS);
    }

    private void look(long left, int delay) {
        if (isGone()) {
            settle(SETTLING_MILLIS, FIRST_LOOK_MILLIS);
            return;
        }
        boolean killing = phase.get() == Phase.KILLING;
        if (left <= 0) {
            if (killing) {
                closed();
            } else {
                kill();
            }
            return;
        }
        later(
                () -> {
                    tree.find();
                    if (killing) {
                        tree.killNew();
                    } else {
                        tree.terminate();
                    }
                    look(left - delay, Math.min(2 * delay, LOOK_MILLIS));
                },
                delay);
    }

    /** What was started between the last look and the death of who started it is seen by a look after that. */
    private boolean isGone() {
        if (!tree.isGone()) {
            return false;
        }
        tree.find();
        return tree.isGone() && (!tree.isUnsure() || unsureLooks-- <= 0);
    }

    /** The exit has to be told, and the threads in the pipes have to notice. */
    private void settle(long left, int delay) {
        if ((exited && isQuiet()) || left <= 0) {
            closed();
        } else {
            later(() -> settle(left - delay, Math.min(2 * delay, LOOK_MILLIS)), delay);
        }
    }

    private void later(Step step, int delay) {
        Workers.run(() -> step(step), delay);
    }

    private void closed() {
        stdout.closeIfUnread();
        stderr.closeIfUnread();
        stdin.closeIfQuiet();
        phase.set(Phase.CLOSED);
        endIfOver();
        closed.tryEmitEmpty();
    }

    // ---- the end ----

    private boolean isQuiet() {
        return stdout.isQuiet() && stderr.isQuiet() && stdin.isQuiet();
    }

    private void endIfOver() {
        Phase now = phase.get();
        if (exited && (now == Phase.RUNNING || now == Phase.CLOSED) && isQuiet() && ended.compareAndSet(false, true)) {
            Workers.leave();
            Objects.requireNonNull(task).onComplete();
            Objects.requireNonNull(group).close().subscribe();
        }
    }

    // ---- as the Mono of its task ----

    @Override
    public void subscribe(CoreSubscriber<? super Void> subscriber) {
        task = subscriber;
        subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        // it emits nothing
    }

    @Override
    public void cancel() {
        startClosing();
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.TERMINATED) {
            return ended.get();
        }
        return key == Attr.NAME ? "process." + told() : null;
    }

    private String told() {
        return switch (phase.get()) {
            case TERMINATING -> "terminating";
            case KILLING -> "killing";
            case RUNNING, CLOSED -> exited ? "draining" : "running";
        };
    }

    // ---- what belongs to it ----

    long pid() {
        return process.pid();
    }

    Command command() {
        return command;
    }

    OutputPipe stdout() {
        return stdout;
    }

    OutputPipe stderr() {
        return stderr;
    }

    InputPipe stdin() {
        return stdin;
    }

    boolean isAlive() {
        return !exited && process.isAlive();
    }

    @Override
    public String toString() {
        return label;
    }
}
