package io.weir.core.debug;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** An executor of one thread that is watched, if and while somebody looks. */
final class Loop {
    /** Those of whatever session. */
    static final CopyOnWriteArrayList<Loop> ALL = new CopyOnWriteArrayList<>();

    private final String name;
    private final Executor executor;

    Loop(String name, Executor executor) {
        this.name = name;
        this.executor = executor;
    }

    /** So that a watch that nobody disposes of holds no executor for ever. */
    static void forgetTheEnded() {
        List<Loop> ended = ALL.stream().filter(Loop::isShutdown).toList();
        if (!ended.isEmpty()) {
            ALL.removeAll(ended);
        }
    }

    Executor executor() {
        return executor;
    }

    /** One that rejects for being full is not: it may be hogged. */
    private boolean isShutdown() {
        return executor instanceof ExecutorService service && service.isShutdown();
    }

    @Override
    public String toString() {
        return name;
    }
}
