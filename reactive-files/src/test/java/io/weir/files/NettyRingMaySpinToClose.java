package io.weir.files;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** An event loop with a ring that ends spins until nobody wakes it any more. Netty's affair; without this it leaves its ring open. */
public final class NettyRingMaySpinToClose implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside("io.netty.channel.uring.IoUringIoHandler", "closeWakeupGate");
    }
}
