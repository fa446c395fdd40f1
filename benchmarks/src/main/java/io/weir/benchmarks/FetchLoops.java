package io.weir.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * One event loop of epoll for Reactor Netty, which would take io_uring of its own accord, as its jar is here for the files' sake: without
 * it, and so for nearly everybody, it takes epoll, as Weir and Vert.x do.
 */
final class FetchLoops implements LoopResources {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("peer", true), EpollIoHandler.newFactory());

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return group;
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup loops) {
        return type.cast(new EpollSocketChannel());
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(Class<C> type, EventLoopGroup loops) {
        if (type != SocketChannel.class) {
            throw new IllegalArgumentException("no " + type);
        }
        return EpollSocketChannel.class.asSubclass(type);
    }

    @Override
    public boolean daemon() {
        return true;
    }

    @Override
    public Mono<Void> disposeLater(Duration quiet, Duration timeout) {
        return Mono.create(sink -> group.shutdownGracefully(quiet.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .addListener(done -> sink.success()));
    }

    @Override
    public void dispose() {
        disposeLater(Duration.ZERO, Duration.ofSeconds(1)).subscribe();
    }
}
