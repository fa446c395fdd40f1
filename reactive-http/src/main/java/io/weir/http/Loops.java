package io.weir.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.weir.core.debug.Diagnostics;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * A client's event loops: epoll where this machine has it, else NIO, and nothing else. Reactor Netty's own choice would
 * change to io_uring as soon as its jar is there, for whatever reason it came.
 *
 * <p>Threads are daemons and start with the first connection that needs them.
 */
final class Loops implements LoopResources {
    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final Disposable.Composite watches = Disposables.composite();

    Loops(int threads) {
        AtomicInteger number = new AtomicInteger();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        ThreadFactory names = run -> new Loop(run, number.incrementAndGet());
        this.group = new MultiThreadIoEventLoopGroup(threads, names, io);
        group.forEach(loop -> watches.add(Diagnostics.watch("weir-http", loop)));
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        if (type == SocketChannel.class) {
            return type.cast(epoll ? new EpollSocketChannel() : new NioSocketChannel());
        }
        throw new IllegalArgumentException("a client opens no " + type.getName());
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
        if (type == SocketChannel.class) {
            return socket().asSubclass(type);
        }
        throw new IllegalArgumentException("a client opens no " + type.getName());
    }

    Class<? extends SocketChannel> socket() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    Class<? extends DatagramChannel> datagram() {
        return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
    }

    @Override
    public boolean daemon() {
        return true;
    }

    @Override
    public Mono<Void> disposeLater(Duration quiet, Duration timeout) {
        return Mono.create(sink -> {
            watches.dispose();
            group.shutdownGracefully(quiet.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .addListener(done -> sink.success());
        });
    }

    @Override
    public boolean isDisposed() {
        return group.isShuttingDown();
    }

    private static final class Loop extends FastThreadLocalThread implements NonBlocking {
        Loop(Runnable run, int number) {
            super(run, "weir-http-" + number);
            setDaemon(true);
        }
    }
}
