package io.weir.core.offload;

class OffloadTest extends OffloadContract {
    OffloadTest() {
        super(Threads.PLATFORM);
    }
}
