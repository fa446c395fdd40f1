package io.weir.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.ReactorNetty;

/**
 * Stands behind the HTTP codec of one connection, or of one stream of HTTP/2, and keeps requests and responses in pairs.
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
final class ConnectionGuard extends ChannelDuplexHandler implements Lane, OpenSockets.Socket {
    private static final int MAX_INTERIM = 32;

    private final OpenSockets sockets;
    private final int maxHeaders;
    private final AddressGuard addresses;
    private final @Nullable SocketGuard socket;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable Attempt attempt;
    private boolean expecting;
    private boolean headed;
    private boolean bodiless;
    private boolean sending;
    private boolean interim;
    private int interims;

    /**
     * @param opening for whom the connection is made: told if that fails before a request is written
     * @param socket what a stream belongs to; null for a connection of HTTP/1.1, which is its own
     */
    ConnectionGuard(
            OpenSockets sockets,
            int maxHeaders,
            AddressGuard addresses,
            @Nullable Attempt opening,
            @Nullable SocketGuard socket) {
        this.socket = socket;
        this.sockets = sockets;
        this.addresses = addresses;
        this.maxHeaders = maxHeaders;
        this.attempt = opening;
    }

    @Override
    public @Nullable ChannelHandlerContext context() {
        return context;
    }

    @Override
    public void closeIfIdle() {
        execute(() -> {
            if (!expecting) {
                close();
            }
        });
    }

    @Override
    public void closeFor(Attempt aborted) {
        if (attempt == aborted) {
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
        Throwable refused = addresses.dial(attempt, remote);
        if (refused == null) {
            ctx.connect(remote, local, promise);
        } else {
            promise.setFailure(refused);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest request) {
            Attempt writing = Attempt.of(ReactorNetty.getChannelContext(ctx.channel()));
            attempt = writing;
            expecting = true;
            headed = false;
            bodiless = HttpMethod.HEAD.equals(request.method());
            sending = true;
            interims = 0;
            if (socket == null) {
                sockets.busy(this);
            }
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
            // Of a body, a part may have gone: a stream that is reset in the middle of it fails the same way.
            boolean headersOnly =
                    socket != null && !((FullHttpRequest) message).content().isReadable();
            ctx.write(message, promise.unvoid().addListener(done -> {
                if (done.isSuccess()) {
                    writing.written();
                } else if (headersOnly) {
                    unsent(done.cause(), writing);
                }
            }));
        } else if (writing == null) {
            ctx.write(message, promise);
        } else if (message instanceof HttpRequest) {
            ctx.write(
                    message,
                    socket == null ? promise : promise.unvoid().addListener(done -> unsent(done.cause(), writing)));
        } else {
            writeBody(ctx, message, promise, writing);
        }
    }

    /** What HTTP/2 itself refuses, for want of a stream, does not reach the server. */
    private static void unsent(@Nullable Throwable cause, Attempt writing) {
        if (cause instanceof Http2Exception) {
            writing.unsent(writing.phase());
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
        if (socket != null) {
            asIfNotTranslated(response.headers());
        }
        if (response.decoderResult().isSuccess()) {
            int status = response.status().code();
            if (status >= 100 && status < 200 && status != 101 && ++interims <= MAX_INTERIM) {
                interim = !(response instanceof LastHttpContent);
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
        headed = true;
        if (attempt != null) {
            attempt.enter(FetchPhase.BODY);
        }
        if (response instanceof LastHttpContent) {
            body(ctx, response); // without one: a stream says so with its headers
        } else {
            ctx.fireChannelRead(response);
        }
    }

    /** Takes out what Netty adds to a stream's response to make it look like one of HTTP/1.1. */
    private static void asIfNotTranslated(HttpHeaders headers) {
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        for (HttpConversionUtil.ExtensionHeaderNames added : HttpConversionUtil.ExtensionHeaderNames.values()) {
            headers.remove(added.text());
        }
    }

    /** How HTTP/2 says that a stream is over before its time, and sometimes that it was never begun. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset && reset.errorCode() != Http2Error.NO_ERROR.code()) {
            ended("reset, with error " + reset.errorCode(), reset.errorCode() == Http2Error.REFUSED_STREAM.code());
        } else if (event instanceof Http2GoAwayFrame away) {
            ended("given up with its connection, with error " + away.errorCode(), true);
        }
        ctx.fireUserEventTriggered(event);
    }

    private void ended(String how, boolean unseen) {
        Attempt ending = attempt;
        if (ending != null && expecting) {
            if (unseen && ending.sent() != Sent.YES) {
                ending.unsent(ending.phase());
            }
            fail(new IOException("the stream was " + how));
        }
    }

    /** Here and not in the handlers that follow, which would log what the caller is told anyway. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (socket != null && attempt != null && isOfTheResponse(cause)) {
            attempt.answered();
        }
        fail(cause);
        ctx.close();
    }

    /** Whether a frame of the stream, and no want of a connection, is at fault; what is wrong with those that go out is told who wrote them. */
    private static boolean isOfTheResponse(Throwable cause) {
        return cause instanceof Http2Exception.StreamException
                || cause instanceof DecoderException
                || cause instanceof WrongResponse;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Throwable known = null;
        if (socket == null) {
            sockets.busy(this);
        } else {
            known = socket.cause();
        }
        fail(known == null ? new ClosedChannelException() : known);
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
        if (socket != null && response instanceof LastHttpContent && !bodiless && status != 204 && status != 304) {
            String length = response.headers().get(HttpHeaderNames.CONTENT_LENGTH);
            if (length != null && !length.equals("0")) {
                return new WrongResponse("a length, and no body"); // Netty lets it pass, not knowing of HEAD.
            }
        }
        return null;
    }

    private void body(ChannelHandlerContext ctx, Object message) {
        if (!headed) {
            ReferenceCountUtil.release(message);
            exceptionCaught(ctx, new WrongResponse("a body without a head"));
            return;
        }
        if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            broken(ctx, message, content.decoderResult());
            return;
        }
        boolean last = message instanceof LastHttpContent;
        if (attempt != null) {
            attempt.touch();
        }
        boolean early = last && sending; // asked now: below, the next request may be the one that is being sent
        if (last) {
            expecting = false;
            attempt = null;
        }
        ctx.fireChannelRead(message);
        if (early) {
            // An answer before the request was sent in full: the rest of it is not wanted, and nothing can follow it.
            ctx.close();
        }
        // The next request may have begun already, on this stack, when the pool got the connection back.
        if (socket == null && last && !expecting && ctx.channel().isActive()) {
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
