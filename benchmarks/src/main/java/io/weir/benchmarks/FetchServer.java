package io.weir.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What everybody fetches from: a process of its own, one event loop, {@code /small} 256 bytes and {@code /large} a gibibyte. It
 * prints its port, and ends when its input does. It listens on all addresses, as each of 127/8 is a host to the bulk.
 *
 * <p>It must be idle half of the time, or it is what is measured: so it looks for the end of a request's head and for the first letter
 * of its path, and answers with bytes that are there already.
 */
public final class FetchServer {
    private static final byte[] SMALL = ("""
            HTTP/1.1 200 OK\r
            Server: weir\r
            Date: Wed, 25 Nov 2026 12:00:00 GMT\r
            Content-Type: text/plain\r
            Content-Length: 256\r
            \r
            """ + "0123456789abcdef".repeat(16)).getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 64 << 10;
    private static final int CHUNKS = 16 << 10;
    private static final byte[] LARGE =
            ("HTTP/1.1 200 OK\r\nContent-Length: " + (long) CHUNK * CHUNKS + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuf ZEROS = Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK).writeZero(CHUNK));
    private static final ByteBuf ANSWER =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(SMALL.length).writeBytes(SMALL));

    private FetchServer() {}

    /**
     * Serves until the input ends.
     *
     * @param arguments none
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        boolean epoll = Epoll.isAvailable();
        Class<? extends ServerChannel> channel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(channel)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(4 * CHUNK, 8 * CHUNK))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new Answers());
                    }
                })
                .bind("0.0.0.0", 0)
                .syncUninterruptibly()
                .channel();
        System.out.println(((InetSocketAddress) server.localAddress()).getPort());
        while (System.in.read() >= 0) {
            // Until whoever started it goes.
        }
        loops.shutdownGracefully();
    }

    /** One connection's answers. */
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private int read;
        private int ending;
        private boolean large;
        private int chunks;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            while (bytes.isReadable()) {
                byte next = bytes.readByte();
                if (read++ == "GET /".length()) {
                    large = next == 'l';
                }
                ending = next == (ending % 2 == 0 ? '\r' : '\n') ? ending + 1 : 0;
                if (ending == 4) {
                    read = 0;
                    ending = 0;
                    answer(ctx);
                }
            }
            bytes.release();
        }

        private void answer(ChannelHandlerContext ctx) {
            if (large) {
                chunks = CHUNKS;
                ctx.write(Unpooled.wrappedBuffer(LARGE));
                more(ctx);
            } else {
                ctx.writeAndFlush(ANSWER.duplicate(), ctx.voidPromise());
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            more(ctx);
        }

        private void more(ChannelHandlerContext ctx) {
            while (chunks > 0 && ctx.channel().isWritable()) {
                while (chunks > 0 && ctx.channel().isWritable()) {
                    chunks--;
                    ctx.write(ZEROS.duplicate(), ctx.voidPromise());
                }
                ctx.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // a client that went
        }
    }

    /** One for a benchmark's fork. */
    record Started(Process process, int port) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
        }
    }

    /** On the core that {@code SERVER_CORE} names, where it is set: the client has another one. */
    static Started start() {
        try {
            String core = System.getenv("SERVER_CORE");
            List<String> command = new ArrayList<>(core == null ? List.of() : List.of("taskset", "-c", core));
            command.addAll(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    FetchServer.class.getName()));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String port = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return new Started(process, Integer.parseInt(port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
