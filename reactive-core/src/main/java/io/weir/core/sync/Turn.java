package io.weir.core.sync;

import org.jspecify.annotations.Nullable;

/** One operation on a structure, run alone inside its {@link Turnstile}. */
abstract class Turn {
    /** The turn published before this one; the turnstile's own link. */
    @Nullable
    Turn below;

    /** Runs inside: short, no user code, no signals, must not throw. */
    abstract void take();
}
