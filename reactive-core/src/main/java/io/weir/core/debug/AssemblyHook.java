package io.weir.core.debug;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Fuseable;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.GroupedFlux;
import reactor.core.publisher.Mono;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Reactor's hook: is shown every publisher that is made, and has those of interest tell when they are used. What is made of a tracked
 * publisher is tracked in its place. Values ({@code Mono.just}) and the sorts of Flux that Reactor looks for by their type are
 * left as they are.
 */
final class AssemblyHook implements Function<Publisher<Object>, Publisher<Object>> {
    private static final Logger LOG = Loggers.getLogger(AssemblyHook.class);

    private final Made.Live live;
    private final boolean all;
    private final int most;
    private volatile boolean failed; // once is enough to know

    AssemblyHook(Made.Live live, boolean all, int most) {
        this.live = live;
        this.all = all;
        this.most = most;
    }

    @Override
    public Publisher<Object> apply(Publisher<Object> made) {
        if (made instanceof Tracked) {
            return made;
        }
        try {
            return trackedOrNot(made);
        } catch (RuntimeException | LinkageError e) { // who looks on must not change what happens
            if (!failed) {
                failed = true;
                LOG.warn(
                        "a publisher is not tracked, nor will be others like it: "
                                + made.getClass().getName(),
                        e);
            }
            return made;
        }
    }

    private Publisher<Object> trackedOrNot(Publisher<Object> made) {
        Anatomy anatomy = Anatomy.of(made);
        Made source = anatomy.first();
        if (made instanceof Fuseable.ScalarCallable || (source == null && !all && !anatomy.isWeirs())) {
            return made;
        }
        return isLeftAlone(made) || live.all.size() >= most ? made : tracked(made, source);
    }

    private Publisher<Object> tracked(Publisher<Object> made, @Nullable Made source) {
        CallSite last = CallSite.here();
        if (last == null) {
            return made;
        }
        CallSite maker = source == null ? last : source.maker();
        if (made instanceof Mono<Object> mono) {
            return TrackedMono.of(mono, maker, last, live);
        }
        return made instanceof Flux<Object> flux ? TrackedFlux.of(flux, maker, last, live) : made;
    }

    private static boolean isLeftAlone(Publisher<Object> made) {
        return made instanceof ConnectableFlux || made instanceof GroupedFlux; // a ParallelFlux is no Flux
    }
}
