package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TaskTreeTest {
    @Test
    void aTaskThatFetchesIsShownWithItsHostAndPhase() throws Exception {
        TaskGroup group = TaskGroup.open();
        try (ServerSocket silent = new ServerSocket(0);
                FetchClient client = FetchClient.create()) {
            group.start("fetch", client.fetch("http://127.0.0.1:" + silent.getLocalPort() + "/"));
            String expected = "<- fetch 127.0.0.1:" + silent.getLocalPort() + " (HEADERS)";
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!TaskTree.dump().contains(expected) && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(TaskTree.dump()).contains(expected);
            group.cancel("seen");
            group.terminated().block(Duration.ofSeconds(20));
        }
    }
}
