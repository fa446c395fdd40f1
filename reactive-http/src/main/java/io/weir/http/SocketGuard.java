package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Stands in a connection that may be one of HTTP/2, in place of a {@link ConnectionGuard}: each stream has one of its own.
 *
 * <pre>
 *   opening ── HTTP/1.1 agreed on ─▶ all is left to the heir, a ConnectionGuard
 *      └────── first stream ───────▶ streams ◀──▶ idle
 * </pre>
 *
 * <p>Until its first stream it is the attempt's for which it is opened: its abort closes it, and who waits for the same
 * connection has another opened. Later an abort ends a stream only.
 *
 * <p>What a stream has sent and nobody reads is held back by that stream's own window: the connection's is made as large as all
 * of them, so that one slow reader does not hold up the others.
 *
 * <p>Everything here runs on the connection's event loop.
 */
final class SocketGuard extends ChannelDuplexHandler implements Lane, OpenSockets.Socket {
    /** How much of a body may be on its way before it is asked for. */
    static final int WINDOW = 256 << 10;

    private final OpenSockets sockets;
    private final int maxHeaders;
    private final int maxStreams;
    private final AddressGuard addresses;
    private @Nullable Attempt opening;
    private volatile @Nullable ChannelHandlerContext context;
    private OpenSockets.@Nullable Socket heir;
    private @Nullable Throwable cause;
    private int streams;

    /** @param opening for whom the connection is made */
    SocketGuard(OpenSockets sockets, Limits limits, AddressGuard addresses, @Nullable Attempt opening) {
        this.sockets = sockets;
        this.maxHeaders = limits.maxHeaders();
        this.maxStreams = limits.maxPerHost();
        this.addresses = addresses;
        this.opening = opening;
    }

    /** Puts a guard into a new stream, on its loop, before its request is written. Does nothing to what is no stream. */
    static void guard(Channel stream) {
        Channel socket = stream.parent();
        SocketGuard guard = socket == null ? null : socket.pipeline().get(SocketGuard.class);
        if (guard != null && stream.pipeline().get(ConnectionGuard.class) == null) {
            guard.add(stream);
        }
    }

    private void add(Channel stream) {
        opening = null;
        streams++;
        sockets.busy(this);
        stream.pipeline()
                .addBefore(
                        NettyPipeline.ReactiveBridge,
                        "weir.guard",
                        new ConnectionGuard(sockets, maxHeaders, addresses, null, this));
        stream.closeFuture().addListener(closed -> execute(this::streamClosed));
    }

    private void streamClosed() {
        ChannelHandlerContext open = context;
        if (--streams > 0 || open == null || !open.channel().isActive()) {
            return;
        }
        Http2FrameCodec codec = open.pipeline().get(Http2FrameCodec.class);
        if (codec != null && codec.connection().goAwayReceived()) {
            close(); // The server has given it up, and the pool does not know it any more.
        } else {
            sockets.idle(this);
        }
    }

    /** What ended the connection, where that is known: it says more than that its streams have ended. */
    @Nullable
    Throwable cause() {
        return cause;
    }

    @Override
    public @Nullable ChannelHandlerContext context() {
        return context;
    }

    @Override
    public void closeIfIdle() {
        execute(() -> {
            if (heir != null) {
                heir.closeIfIdle();
            } else if (streams == 0) {
                close();
            }
        });
    }

    @Override
    public void closeFor(Attempt aborted) {
        if (opening == aborted) {
            close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Every address that is dialled comes by here, wherever it was found. */
    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        Throwable refused = addresses.dial(opening, remote);
        if (refused == null) {
            ctx.connect(remote, local, promise);
        } else {
            promise.setFailure(refused);
        }
    }

    /** Comes when the protocol has been agreed on. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Http2Exception {
        Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
        if (codec == null) {
            Attempt bound = opening;
            ConnectionGuard right = new ConnectionGuard(sockets, maxHeaders, addresses, bound, null);
            opening = null;
            heir = right;
            ctx.pipeline().addBefore(NettyPipeline.ReactiveBridge, "weir.guard.http1", right);
            if (bound != null) {
                bound.bind(right);
            }
            ctx.fireChannelActive();
        } else {
            ctx.pipeline().addBefore(NettyPipeline.ReactiveBridge, "weir.errors", new Errors());
            ctx.fireChannelActive();
            refusePushes(ctx, codec);
            widen(ctx, codec.connection());
        }
    }

    /** Reactor Netty does not say that it wants none; and a server that opens streams unasked would find no end of room for them. */
    private void refusePushes(ChannelHandlerContext ctx, Http2FrameCodec codec) {
        codec.encoder()
                .writeSettings(ctx.pipeline().context(codec), new Http2Settings().pushEnabled(false), ctx.newPromise());
        codec.connection().addListener(new Events(ctx, codec.connection()));
    }

    private void widen(ChannelHandlerContext ctx, Http2Connection connection) throws Http2Exception {
        long all = Math.min(Integer.MAX_VALUE, (long) WINDOW * maxStreams);
        connection.local().flowController().incrementWindowSize(connection.connectionStream(), (int)
                (all - Http2CodecUtil.DEFAULT_WINDOW_SIZE));
        ctx.channel().flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        sockets.busy(this);
        fail(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
        failed(thrown);
        ctx.fireExceptionCaught(thrown);
    }

    private void failed(Throwable thrown) {
        if (cause == null) {
            cause = thrown;
        }
        fail(thrown);
    }

    private void fail(Throwable reason) {
        Attempt failing = opening;
        opening = null;
        if (failing != null) {
            failing.fail(reason);
        }
    }

    /** Stands behind HTTP/2's own handlers. */
    private final class Errors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
            failed(thrown);
            if (ctx.pipeline().get(NettyPipeline.ReactiveBridge) == null) {
                ctx.close(); // What follows would log what the streams are told anyway.
            } else {
                ctx.fireExceptionCaught(thrown); // It is not open yet, and the pool waits for it.
            }
        }
    }

    /** Hears what HTTP/2's handlers keep to themselves. */
    private final class Events extends Http2ConnectionAdapter {
        private final ChannelHandlerContext ctx;
        private final Http2Connection connection;

        Events(ChannelHandlerContext ctx, Http2Connection connection) {
            this.ctx = ctx;
            this.connection = connection;
        }

        @Override
        public void onStreamAdded(Http2Stream stream) {
            if (connection.remote().isValidStreamId(stream.id())) {
                failed(Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "The server has opened stream %d", stream.id()));
                ctx.close();
            }
        }

        /** The streams that it ends have ended before it counts as received; where there are others, the last one closes. */
        @Override
        public void onGoAwayReceived(int last, long error, ByteBuf why) {
            if (streams == 0) {
                ctx.close();
            }
        }
    }
}
