package io.weir.core.offload;

import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Errors that nobody is there to hear go where Reactor's own schedulers send theirs: the thread's uncaught handler and
 * {@link Schedulers#onHandleError}. Reactor does not export that; a scheduler that runs on the calling thread does it.
 */
final class Uncaught {
    private static final Scheduler HERE = Schedulers.fromExecutor(Runnable::run);

    private Uncaught() {}

    static void report(Throwable error) {
        try {
            HERE.schedule(() -> {
                throw Exceptions.propagate(error);
            });
        } catch (Throwable handlerFailed) {
            // the handler threw; there is nobody left to tell
        }
    }
}
