package io.weir.http;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Netty's default allocator takes a short lock when it gives a buffer arena more room under contention. That is Netty's
 * affair, on its own threads, and everything else there stays watched.
 */
public final class NettyAllocatorMayLock implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
