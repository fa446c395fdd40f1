package io.weir.core.debug;

import java.lang.ref.Reference;

/** A publisher that tells its {@link Made} when it is subscribed. */
interface Tracked {
    Made made();

    /** Notes that it was subscribed, or built on. */
    default void use() {
        try {
            made().use();
        } finally {
            Reference.reachabilityFence(this); // else it could be found collected before it was used
        }
    }
}
