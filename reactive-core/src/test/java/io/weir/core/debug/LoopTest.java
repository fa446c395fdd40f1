package io.weir.core.debug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class LoopTest {
    private static long watched(String name) {
        return Loop.ALL.stream().filter(loop -> loop.toString().equals(name)).count();
    }

    @Test
    void aWatchEndsWhenItIsDisposed() {
        Disposable one = Diagnostics.watch("twice", Runnable::run);
        Disposable other = Diagnostics.watch("twice", Runnable::run);
        one.dispose();
        one.dispose();
        assertThat(watched("twice")).isEqualTo(1);
        other.dispose();
        assertThat(watched("twice")).isZero();
    }

    @Test
    void anExecutorThatWasShutDownIsNotHeldThoughNobodyDisposes() {
        ExecutorService ended = Executors.newSingleThreadExecutor();
        Diagnostics.watch("ended", ended);
        assertThat(watched("ended")).isEqualTo(1);
        ended.shutdownNow();
        Diagnostics.watch("another", Runnable::run).dispose();
        assertThat(watched("ended")).isZero();
    }
}
