package io.weir.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import reactor.core.Exceptions;
import reactor.netty.channel.AbortedException;

/** Turns what the transport throws into what a user can act on; nothing of the transport gets past it but as a cause. */
final class Failures {
    private final Limits limits;

    Failures(Limits limits) {
        this.limits = limits;
    }

    /** The error a user sees; errors that are not the transport's, such as a predicate's, stay what they are. */
    Throwable of(Throwable thrown, Attempt attempt) {
        Throwable error = Exceptions.unwrap(thrown);
        if (error instanceof FetchException || !isTransports(error)) {
            return error;
        }
        if (error instanceof AddressGuard.Refused refused) {
            return new FetchAddressException(
                    refused.address(), refused.rule(), attempt.failure(FetchPhase.CONNECT), error);
        }
        FetchPhase phase = attempt.phase();
        return switch (phase) {
            case REQUEST, QUEUE, DNS, CONNECT, TLS -> connecting(error, phase, attempt);
            case SEND, HEADERS, BODY, BACKOFF, DONE -> exchanging(error, attempt);
        };
    }

    private FetchException connecting(Throwable error, FetchPhase phase, Attempt attempt) {
        if (error instanceof UnknownHostException) {
            return caused(error, DnsNameResolverTimeoutException.class)
                    ? timeout(FetchPhase.DNS, attempt, error)
                    : new FetchConnectException("the host has no address", attempt.failure(FetchPhase.DNS), error);
        }
        if (error instanceof ConnectTimeoutException) {
            return timeout(FetchPhase.CONNECT, attempt, error);
        }
        if (error instanceof SslHandshakeTimeoutException) {
            return timeout(FetchPhase.TLS, attempt, error);
        }
        if (isUnusable(error) || (phase == FetchPhase.CONNECT && error instanceof ClosedChannelException)) {
            return new FetchDisconnectedException(
                    "the connection ended before the request was written", attempt.failure(), error);
        }
        if (error instanceof Http2Exception) {
            return new FetchProtocolException(
                    "the server does not speak HTTP/2", attempt.failure(FetchPhase.CONNECT), error);
        }
        return switch (phase) {
            case TLS -> new FetchConnectException("the TLS handshake failed", attempt.failure(), error);
            case DNS -> new FetchConnectException("the host's name could not be looked up", attempt.failure(), error);
            default -> new FetchConnectException("no connection", attempt.failure(FetchPhase.CONNECT), error);
        };
    }

    private FetchException exchanging(Throwable error, Attempt attempt) {
        if (error instanceof TooLongFrameException || isTooLong(error)) {
            return new FetchLimitException("maxHeaderBytes", limits.maxHeaderBytes(), attempt.failure(), error);
        }
        if (error instanceof ConnectionGuard.TooManyHeaders) {
            return new FetchLimitException("maxHeaders", limits.maxHeaders(), attempt.failure(), error);
        }
        if (error instanceof ConnectionGuard.WrongResponse) {
            return new FetchProtocolException(String.valueOf(error.getMessage()), attempt.failure(), error);
        }
        if (error instanceof IOException
                || error instanceof AbortedException
                || error instanceof PrematureChannelClosureException) {
            String when = attempt.phase() == FetchPhase.BODY ? "in the middle of the body" : "before the response";
            return new FetchDisconnectedException("the connection ended " + when, attempt.failure(), error);
        }
        return new FetchProtocolException("the response is not valid HTTP", attempt.failure(), error);
    }

    /** Headers beyond the limit end their stream; those far beyond it, the connection. */
    private static boolean isTooLong(Throwable error) {
        return error instanceof Http2Exception.HeaderListSizeException
                || (error instanceof Http2Exception
                        && String.valueOf(error.getMessage()).startsWith("Header size exceeded"));
    }

    private FetchTimeoutException timeout(FetchPhase phase, Attempt attempt, Throwable error) {
        return new FetchTimeoutException(limits.of(phase), Limits.setting(phase), attempt.failure(phase), error);
    }

    /** By origin and not by type: the decoders throw what they find, such as a NumberFormatException. */
    private static boolean isTransports(Throwable error) {
        if (error instanceof IOException
                || error instanceof DecoderException
                || error instanceof ConnectionGuard.TooManyHeaders
                || error instanceof ConnectionGuard.WrongResponse) {
            return true;
        }
        String type = error.getClass().getName();
        if (type.startsWith("io.netty.") || type.startsWith("reactor.netty.") || type.startsWith("reactor.pool.")) {
            return true;
        }
        StackTraceElement[] trace = error.getStackTrace();
        for (int i = 0; i < Math.min(4, trace.length); i++) {
            if (trace[i].getClassName().startsWith("io.netty.")) {
                return true;
            }
        }
        return false;
    }

    /** A pooled connection that was closed when it was taken, or a pool that was let go in that moment. */
    private static boolean isUnusable(Throwable error) {
        return error instanceof AbortedException
                || error.getClass().getName().startsWith("reactor.pool.")
                || (error.getClass() == IOException.class
                        && String.valueOf(error.getMessage()).startsWith("Error while acquiring"));
    }

    private static boolean caused(Throwable error, Class<? extends Throwable> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
