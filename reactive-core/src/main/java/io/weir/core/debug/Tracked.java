package io.weir.core.debug;

/** A publisher that tells its {@link Made} when it is subscribed. */
interface Tracked {
    Made made();
}
