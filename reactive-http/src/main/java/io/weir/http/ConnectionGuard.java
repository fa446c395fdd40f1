package io.weir.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.netty.ReactorNetty;

/**
 * Stands behind the HTTP codec of one connection and keeps requests and responses in pairs.
 *
 * <p>What Reactor Netty leaves open: a response nobody asked for would be taken for the answer to the next request, so it
 * ends the connection; an interim response other than 100 would be taken for the final one, so it is swallowed; the number
 * of headers has no bound; a transfer coding that is not understood would be passed on as if it were the body.
 *
 * <p>It holds each connection to the {@link AddressGuard} where it is dialled, and where it is used again.
 *
 * <p>Being at the one place that all bytes pass, it also tells the attempt what was sent and read, and {@link OpenSockets}
 * when the connection is in use. Everything here runs on the connection's event loop.
 */
final class ConnectionGuard extends ChannelDuplexHandler {
    private static final int MAX_INTERIM = 32;

    private final OpenSockets sockets;
    private final int maxHeaders;
    private final AddressGuard addresses;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable Attempt attempt;
    private boolean expecting;
    private boolean sending;
    private boolean interim;
    private int interims;

    /** @param opening for whom the connection is made: told if that fails before a request is written */
    ConnectionGuard(OpenSockets sockets, int maxHeaders, AddressGuard addresses, @Nullable Attempt opening) {
        this.sockets = sockets;
        this.addresses = addresses;
        this.maxHeaders = maxHeaders;
        this.attempt = opening;
    }

    /** May be called on any thread; on the loop, where requests start, it is certain whether one has. */
    void closeIfIdle() {
        execute(() -> {
            if (!expecting) {
                close();
            }
        });
    }

    /** On the loop: closes the connection unless it has gone on to another request. */
    void closeFor(Attempt aborted) {
        if (attempt == aborted) {
            close();
        }
    }

    /** Runs on the connection's loop: at once where this is it. */
    void execute(Runnable task) {
        ChannelHandlerContext open = context;
        if (open == null || open.executor().inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    /** Runs on the connection's loop, after what runs there now; at once where the loop, and so the socket, is gone. */
    void later(Runnable task) {
        ChannelHandlerContext open = context;
        try {
            if (open != null) {
                open.executor().execute(task);
                return;
            }
        } catch (RejectedExecutionException e) {
            // As said.
        }
        task.run();
    }

    private void close() {
        ChannelHandlerContext open = context;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Every address that is dialled comes by here, wherever it was found. */
    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        Throwable refused = addresses.dial(attempt, remote);
        if (refused == null) {
            ctx.connect(remote, local, promise);
        } else {
            promise.setFailure(refused);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest) {
            Attempt writing = Attempt.of(ReactorNetty.getChannelContext(ctx.channel()));
            attempt = writing;
            expecting = true;
            sending = true;
            interims = 0;
            sockets.busy(this);
            if (writing != null && ctx.channel().isActive()) {
                writing.bind(this);
                Throwable refused = addresses.use(writing, ctx.channel().remoteAddress());
                if (refused != null) {
                    ReferenceCountUtil.release(message);
                    promise.tryFailure(refused);
                    fail(refused);
                    ctx.close();
                    return;
                }
                writing.writing();
            }
        }
        boolean whole = message instanceof FullHttpRequest;
        if (message instanceof LastHttpContent) {
            sending = false;
        }
        Attempt writing = attempt;
        if (whole && writing != null) {
            ctx.write(message, promise.unvoid().addListener(done -> {
                if (done.isSuccess()) {
                    writing.written();
                }
            }));
        } else if (message instanceof HttpRequest || writing == null) {
            ctx.write(message, promise);
        } else {
            writeBody(ctx, message, promise, writing);
        }
    }

    /**
     * Who wrote the body is not told that writing failed, so that an answer which is there already can still be read: a
     * server that refuses a large body may answer and close. Where there is none, what is read next is the end.
     */
    private static void writeBody(ChannelHandlerContext ctx, Object message, ChannelPromise promise, Attempt writing) {
        boolean last = message instanceof LastHttpContent;
        ctx.write(message).addListener(done -> {
            if (done.isSuccess()) {
                if (last) {
                    writing.written();
                }
                promise.trySuccess();
            } else {
                ctx.read();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!expecting) {
            ReferenceCountUtil.release(message);
            ctx.close();
        } else if (message instanceof HttpResponse response) {
            head(ctx, response);
        } else if (interim) {
            interim = !(message instanceof LastHttpContent);
            ReferenceCountUtil.release(message);
            ctx.read();
        } else {
            body(ctx, message);
        }
    }

    private void head(ChannelHandlerContext ctx, HttpResponse response) {
        // A part of a head, as the connection ended, answers nothing.
        if (attempt != null && !(response.decoderResult().cause() instanceof PrematureChannelClosureException)) {
            attempt.answered();
        }
        if (response.decoderResult().isSuccess()) {
            int status = response.status().code();
            if (status >= 100 && status < 200 && status != 101 && ++interims <= MAX_INTERIM) {
                interim = true;
                if (status == 100 && attempt != null) {
                    attempt.goOn();
                }
                ReferenceCountUtil.release(response);
                ctx.read();
                return;
            }
            RuntimeException wrong = check(response, status);
            if (wrong != null) {
                response.setDecoderResult(DecoderResult.failure(wrong));
            }
        }
        if (response.decoderResult().isFailure()) {
            // No reader could say where this response ends.
            broken(ctx, response, response.decoderResult());
            return;
        }
        if (attempt != null) {
            attempt.enter(FetchPhase.BODY);
        }
        ctx.fireChannelRead(response);
    }

    /** Here and not in the handlers that follow, which would log what the caller is told anyway. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    private void broken(ChannelHandlerContext ctx, Object message, DecoderResult result) {
        ReferenceCountUtil.release(message);
        fail(result.cause());
        ctx.close();
    }

    private void fail(Throwable cause) {
        expecting = false;
        Attempt failing = attempt;
        attempt = null;
        if (failing != null) {
            failing.fail(cause);
        }
    }

    private @Nullable RuntimeException check(HttpResponse response, int status) {
        if (status < 200) {
            return new WrongResponse("an interim response " + status + " that nothing asked for");
        }
        if (response.headers().size() > maxHeaders) {
            return new TooManyHeaders();
        }
        List<String> codings = response.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty() && (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked"))) {
            return new WrongResponse("a transfer coding other than chunked");
        }
        return null;
    }

    private void body(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            broken(ctx, message, content.decoderResult());
            return;
        }
        boolean last = message instanceof LastHttpContent;
        if (attempt != null) {
            attempt.touch();
        }
        if (last) {
            expecting = false;
            attempt = null;
        }
        ctx.fireChannelRead(message);
        if (last && sending) {
            // An answer before the request was sent in full: the rest of it is not wanted, and nothing can follow it.
            ctx.close();
        }
        // The next request may have begun already, on this stack, when the pool got the connection back.
        if (last && !expecting && ctx.channel().isActive()) {
            sockets.idle(this);
        }
    }

    /** More header lines than allowed. */
    static final class TooManyHeaders extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A response that HTTP does not allow here; the message says what. */
    static final class WrongResponse extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongResponse(String message) {
            super(message);
        }
    }
}
