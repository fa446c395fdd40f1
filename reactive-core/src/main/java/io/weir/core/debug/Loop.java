package io.weir.core.debug;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/** An executor of one thread that is watched, if and while somebody looks. */
final class Loop {
    private final String name;
    private final Executor executor;

    Loop(String name, Executor executor) {
        this.name = name;
        this.executor = executor;
    }

    Executor executor() {
        return executor;
    }

    /** One that rejects for being full is not: it may be hogged. */
    boolean isShutdown() {
        return executor instanceof ExecutorService service && service.isShutdown();
    }

    @Override
    public String toString() {
        return name;
    }
}
