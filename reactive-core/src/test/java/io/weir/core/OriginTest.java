package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Stands outside of the package of tasks, as a user does. */
class OriginTest {
    @Test
    void theOriginOfATaskIsTheLineThatStartedIt() {
        TaskTree.recordOrigins(true);
        TaskGroup group = TaskGroup.open();
        try {
            group.start("t", Mono.never());
            assertThat(TaskTree.snapshot().get(0).children().get(0).origin())
                    .hasValueSatisfying(origin -> assertThat(origin)
                            .contains("OriginTest.theOriginOfATaskIsTheLineThatStartedIt(OriginTest.java:"));
            assertThat(TaskTree.dump()).contains(" at ");
        } finally {
            TaskTree.recordOrigins(false);
            group.cancel(null);
        }
    }
}
