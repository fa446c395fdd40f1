package io.weir.core.offload;

import io.weir.testing.Tck;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;

class CallTckTest {
    @TestFactory
    Stream<DynamicTest> call() {
        return Tck.rules(new PublisherVerification<Long>(Tck.environment()) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                return Offload.cpu(() -> elements == 0 ? null : 7L);
            }

            @Override
            public @Nullable Publisher<Long> createFailedPublisher() {
                return null; // a call enters its pool, and can be refused, with the first request; the TCK's failed
                // ones make none
            }

            @Override
            public long maxElementsFromPublisher() {
                return 1;
            }
        });
    }
}
