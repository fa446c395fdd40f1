package io.weir.core.task;

import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Operators;

/** A callback of {@link Task#onDone}. */
final class DoneCallback<T> extends Joiner implements Disposable {
    private final TaskRun<T> task;
    private final Consumer<? super Outcome<T>> callback;
    private volatile boolean disposed;

    DoneCallback(TaskRun<T> task, Consumer<? super Outcome<T>> callback) {
        this.task = task;
        this.callback = Objects.requireNonNull(callback);
    }

    Disposable register() {
        task.add(this);
        return this;
    }

    @Override
    public void run() {
        if (disposed) {
            return;
        }
        disposed = true;
        try {
            callback.accept(task.known());
        } catch (Throwable t) { // a callback has nobody to tell
            Operators.onErrorDropped(t, task);
        }
    }

    @Override
    public void dispose() {
        disposed = true;
        task.remove(this);
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }
}
