package io.weir.core.debug;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where each Mono and Flux of Weir's own passes when it is made, for Reactor's hooks to see it as they see Reactor's operators. For
 * Weir's modules. While no hook is set it gives back what it was given.
 *
 * <p>Its first use is what has {@link Diagnostics} read the system property {@code weir.debug}.
 */
public final class Assembly {
    static {
        Diagnostics.isEnabled();
    }

    private Assembly() {}

    /**
     * Shows {@code made} to the hooks.
     *
     * @param made a Mono that is new, or is given out anew
     * @param <T> what it emits
     * @return {@code made}, or what the hooks make of it
     */
    public static <T> Mono<T> of(Mono<T> made) {
        return OfMono.hooked(made);
    }

    /**
     * Shows {@code made} to the hooks.
     *
     * @param made a Flux that is new, or is given out anew
     * @param <T> what it emits
     * @return {@code made}, or what the hooks make of it
     */
    public static <T> Flux<T> of(Flux<T> made) {
        return OfFlux.hooked(made);
    }

    /** Reactor lets only its heirs do this. */
    private abstract static class OfMono<T> extends Mono<T> {
        static <T> Mono<T> hooked(Mono<T> made) {
            return onAssembly(made);
        }
    }

    private abstract static class OfFlux<T> extends Flux<T> {
        static <T> Flux<T> hooked(Flux<T> made) {
            return onAssembly(made);
        }
    }
}
