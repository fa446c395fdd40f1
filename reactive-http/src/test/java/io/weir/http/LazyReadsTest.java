package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ImmediateExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LazyReadsTest {
    private static final EpollIoOps OPEN = EpollIoOps.EPOLLRDHUP;
    private static final EpollIoOps READING = OPEN.with(EpollIoOps.EPOLLIN);

    private final Kernel kernel = new Kernel();
    private final Socket socket = new Socket();
    private IoRegistration registration;

    @BeforeEach
    void registerForReading() throws Exception {
        assumeTrue(Epoll.isAvailable());
        IoHandlerFactory factory = LazyReads.over(loop -> kernel);
        registration = factory.newHandler(new OneThread()).register(socket);
        registration.submit(READING);
    }

    @Test
    void aStopThatIsTakenBackIsNeverTold() {
        registration.submit(OPEN);
        registration.submit(READING);

        assertThat(kernel.told).containsExactly(READING.value());
    }

    @Test
    void aStopIsToldWhenSomethingArrivesAndTheChannelHearsNothing() {
        registration.submit(OPEN);
        kernel.event(EpollIoOps.EPOLLIN);

        assertThat(kernel.told).containsExactly(READING.value(), OPEN.value());
        assertThat(socket.heard).isEmpty();
    }

    @Test
    void whoReadsAgainAfterThatIsToldAgain() {
        registration.submit(OPEN);
        kernel.event(EpollIoOps.EPOLLIN);
        registration.submit(READING);
        kernel.event(EpollIoOps.EPOLLIN);

        assertThat(kernel.told).containsExactly(READING.value(), OPEN.value(), READING.value());
        assertThat(socket.heard).containsExactly(EpollIoOps.EPOLLIN.value());
    }

    @Test
    void anEndIsHeardOfWhileNobodyReads() {
        registration.submit(OPEN);
        kernel.event(EpollIoOps.EPOLLRDHUP);

        assertThat(socket.heard).containsExactly(EpollIoOps.EPOLLRDHUP.value());
    }

    @Test
    void whatElseChangesIsToldAtOnceAndTheStopWithIt() {
        EpollIoOps writing = OPEN.with(EpollIoOps.EPOLLOUT);
        registration.submit(OPEN);
        registration.submit(writing);
        registration.submit(writing.with(EpollIoOps.EPOLLIN));

        assertThat(kernel.told)
                .containsExactly(
                        READING.value(),
                        writing.value(),
                        writing.with(EpollIoOps.EPOLLIN).value());
    }

    /** Takes down what it is told. */
    private static final class Kernel implements IoHandler, IoRegistration {
        final List<Integer> told = new ArrayList<>();
        private EpollIoHandle handle;

        void event(EpollIoOps ops) {
            handle.handle(this, (EpollIoEvent) () -> ops);
        }

        @Override
        public IoRegistration register(IoHandle registered) {
            handle = (EpollIoHandle) registered;
            return this;
        }

        @Override
        public long submit(IoOps ops) {
            told.add(((EpollIoOps) ops).value());
            return 0;
        }

        @Override
        public int run(IoHandlerContext context) {
            return 0;
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> type) {
            return true;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // as Netty declares it
        public <T> T attachment() {
            return null;
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public boolean cancel() {
            return true;
        }
    }

    /** Takes down what it hears. */
    private static final class Socket implements EpollIoHandle {
        final List<Integer> heard = new ArrayList<>();

        @Override
        public FileDescriptor fd() {
            return new FileDescriptor(0);
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            heard.add(((EpollIoEvent) event).ops().value());
        }

        @Override
        public void close() {}
    }

    private static final class OneThread implements ThreadAwareExecutor {
        @Override
        public boolean isExecutorThread(Thread thread) {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            ImmediateExecutor.INSTANCE.execute(task);
        }
    }
}
