package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** What a task's code asks of its Context allocates nothing. */
class LookupTest {
    private static final int LOOKUPS = 1_000_000;

    @Test
    void ofTheDeadlineAndOfTheTaskAllocateNothing() {
        AtomicReference<ContextView> seen = new AtomicReference<>();
        TaskGroup group = TaskGroup.supervisor().deadline(Duration.ofHours(1)).open();
        group.start("task", Mono.deferContextual(context -> {
            seen.set(context);
            return Mono.empty();
        }));
        ContextView context = seen.get();
        long least = Long.MAX_VALUE;
        long found = 0;
        for (int round = 0; round < 5; round++) { // the first ones are interpreted, and compiled meanwhile
            long before = allocated();
            for (int i = 0; i < LOOKUPS; i++) {
                Deadline deadline = Deadline.in(context);
                found += deadline == null ? 0 : Math.min(1, deadline.remainingNanos());
                found += context.hasKey(Task.class) ? 1 : 0;
            }
            least = Math.min(least, allocated() - before);
        }
        assertThat(found).isEqualTo(10L * LOOKUPS);
        assertThat(least).as("bytes for a million lookups").isLessThan(LOOKUPS / 10);
        group.cancel("end of the test");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
