package io.weir.core.sync;

import io.weir.testing.Tck;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

class QueueStreamTckTest {
    @TestFactory
    Stream<DynamicTest> asFlux() {
        return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                AsyncQueue<Long> queue = AsyncQueue.bounded((int) Math.max(1, Math.min(elements, 100_000)));
                for (long i = 0; i < Math.min(elements, 100_000); i++) {
                    queue.tryPut(i);
                }
                queue.close();
                return queue.asFlux();
            }

            @Override
            public Publisher<Long> createFailedPublisher() {
                AsyncQueue<Long> queue = AsyncQueue.bounded(1);
                queue.closeNow(new IllegalStateException("for the TCK"));
                return queue.asFlux();
            }

            @Override
            public long maxElementsFromPublisher() {
                return 100_000;
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> take() {
        return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                AsyncQueue<Long> queue = AsyncQueue.bounded(100);
                for (long i = 0; i < 100; i++) {
                    queue.tryPut(i);
                }
                return queue.take();
            }

            @Override
            public Publisher<Long> createFailedPublisher() {
                AsyncQueue<Long> queue = AsyncQueue.bounded(1);
                queue.close();
                return queue.take();
            }

            @Override
            public long maxElementsFromPublisher() {
                return 1;
            }
        });
    }
}
