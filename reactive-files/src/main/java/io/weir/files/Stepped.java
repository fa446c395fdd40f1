package io.weir.files;

import io.weir.core.offload.Offload;
import io.weir.core.task.Task;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Monos of {@link Steps}, run on the workers. Nothing is done to a file before the first request. */
final class Stepped {
    private Stepped() {}

    /** How far the work has come, for whoever looks at the task it runs in. */
    interface Progress {
        Progress NONE = (done, total) -> {};

        void report(long done, long total);
    }

    /** One call to the system, or few. */
    interface Call<R> {
        @Nullable
        R call() throws IOException;
    }

    static <R> Mono<R> once(FileOperation operation, Call<R> call) {
        return mono(operation, () -> new Steps<>() {
            private @Nullable R result;

            @Override
            boolean step() throws IOException {
                result = call.call();
                return false;
            }

            @Override
            @Nullable
            R result() {
                return result;
            }

            @Override
            public void close() {}
        });
    }

    static <R> Mono<R> inSteps(FileOperation operation, Function<Progress, Steps<R>> steps) {
        return Mono.deferContextual(context -> mono(operation, () -> steps.apply(progress(context))));
    }

    static Progress progress(ContextView context) {
        return Task.current(context).<Progress>map(task -> task::report).orElse(Progress.NONE);
    }

    private static <R> Mono<R> mono(FileOperation operation, Supplier<Steps<R>> steps) {
        // The cursor is made before there is demand, so making it must not touch a file.
        return CursorFlux.create(operation, steps::get, Offload::blockingScheduler)
                .singleOrEmpty();
    }
}
