package io.weir.core.offload;

import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21)
class OffloadOnVirtualThreadsTest extends OffloadContract {
    OffloadOnVirtualThreadsTest() {
        super(Threads.VIRTUAL);
    }
}
