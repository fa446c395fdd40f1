package io.weir.http;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll, told less. Reactor Netty stops reading when a response's head is there and goes on a moment later, when somebody wants
 * the body; Netty takes both to the kernel, two calls for each response. Here the kernel hears that nobody reads only when there is something to
 * read. As its epoll tells of what is there again and again, what is ignored then comes again when it is wanted, and so does
 * what came with it: an end or an error.
 *
 * <p>State: what the kernel was told, and whether it was to hear that reading has stopped. Writers: the event loop alone, which is where Netty changes what
 * it waits for. Callbacks: Netty's own, with nothing held. Proof: {@code LazyReadsTest}.
 */
final class LazyReads implements IoHandler {
    private final IoHandler epoll;

    private LazyReads(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        return over(EpollIoHandler.newFactory());
    }

    static IoHandlerFactory over(IoHandlerFactory epoll) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor loop) {
                return new LazyReads(epoll.newHandler(loop));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return epoll.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Lazy lazy = new Lazy((EpollIoHandle) handle);
        lazy.registration = epoll.register(lazy);
        return lazy;
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }

    /** Stands between a channel and its registration, to each as the other. */
    private static final class Lazy implements EpollIoHandle, IoRegistration {
        private final EpollIoHandle channel;
        private @Nullable IoRegistration registration; // never null but while it is being made
        private @Nullable EpollIoOps told;
        private @Nullable EpollIoOps untold;

        Lazy(EpollIoHandle channel) {
            this.channel = channel;
        }

        private IoRegistration registration() {
            IoRegistration made = registration;
            if (made == null) {
                throw new IllegalStateException("not registered yet");
            }
            return made;
        }

        @Override
        public long submit(IoOps changed) {
            EpollIoOps wanted = (EpollIoOps) changed;
            EpollIoOps known = told;
            if (known != null && !wanted.contains(EpollIoOps.EPOLLET)) {
                if (known.value() == wanted.value()) {
                    untold = null;
                    return wanted.value();
                }
                if (known.value() == (wanted.value() | EpollIoOps.EPOLLIN.value())) {
                    untold = wanted;
                    return wanted.value();
                }
            }
            untold = null;
            told = wanted;
            return registration().submit(wanted);
        }

        @Override
        public void handle(IoRegistration ignored, IoEvent event) {
            EpollIoOps late = untold;
            if (late != null && ((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLIN)) {
                untold = null;
                told = late;
                registration().submit(late);
            } else {
                channel.handle(this, event);
            }
        }

        @Override
        public <T> T attachment() {
            return registration().attachment();
        }

        @Override
        public boolean isValid() {
            return registration().isValid();
        }

        @Override
        public boolean cancel() {
            return registration().cancel();
        }

        @Override
        public FileDescriptor fd() {
            return channel.fd();
        }

        @Override
        public void registered() {
            channel.registered();
        }

        @Override
        public void unregistered() {
            channel.unregistered();
        }

        @Override
        public void close() throws Exception {
            channel.close();
        }
    }
}
