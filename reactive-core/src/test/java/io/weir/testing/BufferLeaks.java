package io.weir.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a Netty buffer was found leaked.
 *
 * <p>Found for every class through {@code META-INF/services}; the build runs Netty's detector at {@code paranoid}. A leak
 * is only seen once the collector has found the buffer, so after each class this collects and allocates once from each
 * allocator, which is when the detector looks at its queue. A leak that slips through is reported by a later class: its
 * record still names where the buffer was made and last touched.
 */
public final class BufferLeaks implements AfterAllCallback {
    private static final ConcurrentLinkedQueue<String> FOUND = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        List<String> leaks = found();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leaked buffer(s), seen after " + context.getDisplayName() + ":\n"
                    + String.join("\n", leaks));
        }
    }

    /** What has leaked since the last call; collects garbage to know it. */
    public static List<String> found() {
        if (!ResourceLeakDetector.isEnabled()) {
            throw new IllegalStateException("run tests with -Dio.netty.leakDetection.level=paranoid");
        }
        for (int i = 0; i < 2; i++) {
            collect();
            touch(PooledByteBufAllocator.DEFAULT);
            touch(UnpooledByteBufAllocator.DEFAULT);
            touch(ByteBufAllocator.DEFAULT);
        }
        List<String> leaks = new ArrayList<>();
        for (String leak = FOUND.poll(); leak != null; leak = FOUND.poll()) {
            leaks.add(leak);
        }
        return leaks;
    }

    /** Returns once the collector has run and handed its dead references on, which it does from a thread of its own. */
    private static void collect() {
        ReferenceQueue<Object> dead = new ReferenceQueue<>();
        WeakReference<Object> sentinel = new WeakReference<>(new Object(), dead);
        try {
            do {
                System.gc();
            } while (dead.remove(100) != sentinel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void touch(ByteBufAllocator allocator) {
        for (ByteBuf buffer : List.of(allocator.directBuffer(1), allocator.heapBuffer(1))) {
            buffer.release();
        }
    }

    private static final class RecordingFactory extends ResourceLeakDetectorFactory {
        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int samplingInterval) {
            return new Recording<>(type, samplingInterval);
        }

        @Override
        @SuppressWarnings("deprecation") // still abstract in Netty 4.2
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> type, int samplingInterval, long maxActive) {
            return new Recording<>(type, samplingInterval);
        }
    }

    private static final class Recording<T> extends ResourceLeakDetector<T> {
        Recording(Class<T> type, int samplingInterval) {
            super(type, samplingInterval);
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.add(resourceType);
        }
    }
}
