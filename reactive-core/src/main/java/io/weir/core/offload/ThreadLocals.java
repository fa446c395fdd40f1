package io.weir.core.offload;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Carries thread locals to the worker, where {@code io.micrometer:context-propagation} is on the class path and accessors are
 * registered: those in the subscriber's Context, and for the others what the subscribing thread has. What neither has, the call does not
 * see either, and what the call sets is gone after it.
 */
final class ThreadLocals {
    private static final boolean AVAILABLE = isAvailable();

    private ThreadLocals() {}

    /** {@code call} with the thread locals of now; {@code call} itself if there are none to carry. */
    static <T> Callable<? extends @Nullable T> carriedTo(Callable<? extends @Nullable T> call, ContextView context) {
        return AVAILABLE ? Snapshots.carriedTo(call, context) : call;
    }

    private static boolean isAvailable() {
        try {
            Class.forName("io.micrometer.context.ContextSnapshotFactory");
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    /** Not loaded unless the library is there. */
    private static final class Snapshots {
        private static final ContextSnapshotFactory FACTORY =
                ContextSnapshotFactory.builder().clearMissing(true).build(); // a worker may have somebody else's

        static <T> Callable<? extends @Nullable T> carriedTo(
                Callable<? extends @Nullable T> call, ContextView context) {
            if (ContextRegistry.getInstance().getThreadLocalAccessors().isEmpty()) {
                return call;
            }
            ContextSnapshot snapshot = FACTORY.captureAll(context);
            return () -> {
                ContextSnapshot.Scope scope = snapshot.setThreadLocals();
                try {
                    return call.call();
                } finally {
                    scope.close();
                }
            };
        }
    }
}
