package io.weir.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of HTTP/2 without TLS that does, frame by frame, what a test says. */
final class Http2Peer implements AutoCloseable {
    final AtomicInteger requests = new AtomicInteger();
    final List<Channel> connections = new CopyOnWriteArrayList<>();
    final List<Long> resets = new CopyOnWriteArrayList<>();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;

    /** What becomes of a request, whose number counts from 1. */
    interface Script {
        void answer(Stream stream, int number);
    }

    Http2Peer(Http2Settings settings, Script script) {
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer()
                                                .initialSettings(settings)
                                                .build(),
                                        new Answers(script));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    Http2Peer(Script script) {
        this(Http2Settings.defaultSettings(), script);
    }

    String url() {
        return "http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/";
    }

    long open() {
        return connections.stream().filter(Channel::isActive).count();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One request, to be answered on its connection's loop. */
    static final class Stream {
        private final ChannelHandlerContext connection;
        private final Http2FrameStream stream;

        Stream(ChannelHandlerContext connection, Http2FrameStream stream) {
            this.connection = connection;
            this.stream = stream;
        }

        Stream headers(int status, boolean last, String... lines) {
            Http2Headers headers = new DefaultHttp2Headers().status(String.valueOf(status));
            for (int i = 0; i < lines.length; i += 2) {
                headers.add(lines[i], lines[i + 1]);
            }
            connection.writeAndFlush(new DefaultHttp2HeadersFrame(headers, last).stream(stream));
            return this;
        }

        Stream trailer(String name, String value) {
            Http2Headers headers = new DefaultHttp2Headers().add(name, value);
            connection.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true).stream(stream));
            return this;
        }

        Stream data(byte[] bytes, boolean last) {
            connection.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), last).stream(stream));
            return this;
        }

        void ok() {
            headers(200, false).data(new byte[] {'o', 'k'}, true);
        }

        void reset(Http2Error error) {
            connection.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
        }

        void okLater() {
            connection.executor().execute(this::ok);
        }

        /** Gives the connection up; this stream is the last that is answered. */
        void goAway() {
            ByteBuf frame = Unpooled.buffer();
            Http2CodecUtil.writeFrameHeader(frame, 8, Http2FrameTypes.GO_AWAY, new Http2Flags(), 0);
            frame.writeInt(stream.id()).writeInt((int) Http2Error.NO_ERROR.code());
            // Past Netty, which would take all it has seen for answered.
            connection.pipeline().context(Http2FrameCodec.class).writeAndFlush(frame);
        }

        void disconnect() {
            connection.channel().unsafe().closeForcibly();
        }
    }

    private final class Answers extends ChannelInboundHandlerAdapter {
        private final Script script;

        Answers(Script script) {
            this.script = script;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame request
                    && request.headers().path() != null) {
                script.answer(new Stream(ctx, request.stream()), requests.incrementAndGet());
            } else if (message instanceof Http2ResetFrame reset) {
                resets.add(reset.errorCode());
            }
            ReferenceCountUtil.release(message);
        }
    }
}
