package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadsTest {
    @AfterEach
    void reset() {
        System.clearProperty(Threads.VIRTUAL_PROPERTY);
    }

    @Test
    void callsThatWaitGetVirtualThreadsWhereTheJdkHasThem() {
        boolean has = Runtime.version().feature() >= 21;
        assertThat(Threads.forBlocking()).isEqualTo(has ? Threads.VIRTUAL : Threads.PLATFORM);
        assertThat(Offload.blocking(() -> Thread.currentThread().getClass().getSimpleName())
                        .block())
                .isEqualTo(has ? "VirtualThread" : "Thread");
        assertThat(Offload.blockingStatistics().threads())
                .isEqualTo(Math.max(has ? 256 : 0, 10 * Runtime.getRuntime().availableProcessors()));
    }

    @Test
    void aPropertyAsksForPlatformThreads() {
        System.setProperty(Threads.VIRTUAL_PROPERTY, "false");
        assertThat(Threads.forBlocking()).isEqualTo(Threads.PLATFORM);
    }

    @Test
    void callsThatComputeGetAThreadForEachCore() {
        assertThat(Offload.cpu(() -> Thread.currentThread().getClass()).block()).isEqualTo(Thread.class);
        assertThat(Offload.cpuStatistics().threads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
