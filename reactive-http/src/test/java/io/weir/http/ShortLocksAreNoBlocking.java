package io.weir.http;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Tells BlockHound of locks that are held for some instructions only, never while anything is waited for: Netty's allocator takes one when it
 * gives a buffer arena more room under contention. Everything else on its threads stays watched.
 */
public final class ShortLocksAreNoBlocking implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Of Reactor Netty's pool, which takes its timer back when it is disposed; Reactor allows the same lock for
        // setting one.
        builder.allowBlockingCallsInside("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove");
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
