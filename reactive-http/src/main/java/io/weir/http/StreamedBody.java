package io.weir.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * The body of a response on its way from the connection, which lends each chunk for the time of its {@code onNext}, to a
 * reader who takes what he gets when he likes. What the reader gets is a copy on the heap: however he drops it, nothing leaks.
 *
 * <p>State: read by one reader, then drained, then closed. Writers: {@link #drain}, one thread at a time; all others raise a
 * flag and call it, on the connection's loop where there is one. Invariant: one chunk at most is asked for, here, or being
 * decoded, so {@code chunk} needs no queue. Publication: by {@code pending}. Callbacks: the reader is called from {@code
 * drain} only. Loss: what is here when the reader cancels or the exchange ends is the collector's. The connection is
 * subscribed to at once, before anybody reads, so that Reactor Netty always has someone to tell of its end.
 */
final class StreamedBody extends Flux<ByteBuf> implements CoreSubscriber<ByteBuf>, Subscription, Scannable {
    /** The most that is read for the sake of keeping a connection. */
    static final long DRAINED = 64 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(1);

    private final Attempt attempt;
    private final Failures failures;
    private final BodyDecoder decoder;
    private final long promised;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final Sinks.Empty<Void> drained = Sinks.empty();

    // Raised by others.
    private volatile @Nullable CoreSubscriber<? super ByteBuf> reader;
    private volatile boolean illegal;
    private volatile boolean cancelled;
    private volatile boolean finishing;
    private volatile boolean closing;

    // Written by the connection.
    private volatile @Nullable Subscription upstream;
    private volatile byte @Nullable [] chunk;
    private volatile @Nullable Throwable failure;
    private volatile boolean done;
    private long received;

    // Of drain.
    private byte @Nullable [] ready;
    private boolean asked;
    private boolean terminated;
    private volatile boolean draining;
    private boolean closed;

    private StreamedBody(Attempt attempt, Failures failures, BodyDecoder decoder, long promised) {
        this.attempt = attempt;
        this.failures = failures;
        this.decoder = decoder;
        this.promised = promised;
    }

    /** The body of this response, to be closed by the caller whatever happens. */
    static StreamedBody of(Arrived arrived, BodyDecoder decoder) {
        StreamedBody body = new StreamedBody(
                arrived.attempt(),
                new Failures(arrived.limits()),
                decoder,
                arrived.head().contentLength());
        arrived.attempt().leaveFailuresToReader();
        arrived.attempt().wanted(false);
        arrived.body().subscribe(body);
        return body;
    }

    Flux<ByteBuf> asFlux() {
        return onAssembly(this);
    }

    /**
     * Ends the reading: completes when the connection has given the rest of the body, where that is little, or has been given
     * up. To be followed by {@link #close}.
     */
    Mono<Void> finish() {
        return Mono.defer(() -> {
            if (done) {
                return Mono.empty();
            }
            attempt.enter(FetchPhase.DONE);
            finishing = true;
            attempt.execute(this::drain);
            return drained.asMono().timeout(DRAIN_TIME, Mono.empty());
        });
    }

    /** Gives up what has not been read, and the connection with it. */
    void close() {
        closing = true;
        attempt.execute(this::drain);
    }

    // ---- the reader's side ----

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> subscriber) {
        if (taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(this);
            reader = subscriber;
            attempt.execute(this::drain);
        } else {
            Operators.error(subscriber, new IllegalStateException("a response's body can be subscribed to once"));
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            illegal = true;
        } else {
            requested.accumulateAndGet(n, Operators::addCap);
        }
        attempt.execute(this::drain);
    }

    @Override
    public void cancel() {
        cancelled = true;
        attempt.execute(this::drain);
    }

    // ---- the connection's side ----

    @Override
    public void onSubscribe(Subscription connection) {
        upstream = connection;
    }

    @Override
    public void onNext(ByteBuf borrowed) {
        received += borrowed.readableBytes();
        if (draining) {
            if (received > DRAINED) {
                closing = true;
            }
        } else {
            chunk = ByteBufUtil.getBytes(borrowed);
        }
        drain();
    }

    @Override
    public void onError(Throwable error) {
        failure = error;
        done = true;
        drain();
    }

    @Override
    public void onComplete() {
        done = true;
        drain();
    }

    @Override
    public Context currentContext() {
        CoreSubscriber<?> known = reader;
        return known == null ? Context.empty() : known.currentContext();
    }

    // ---- between them ----

    private void drain() {
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            if (closing) {
                release();
            } else if (finishing) {
                skip();
            } else {
                hand();
            }
            missed = pending.addAndGet(-missed);
        } while (missed != 0);
    }

    private void hand() {
        CoreSubscriber<? super ByteBuf> to = reader;
        if (to == null || terminated) {
            return;
        }
        if (illegal) {
            end(to, new IllegalArgumentException("a request must be for one or more"));
        }
        long given = 0;
        while (!terminated && !cancelled && !closing && !finishing) {
            boolean wanted = requested.get() > given;
            // Before it looks for a chunk, as the last one comes before the end.
            boolean last = done;
            try {
                if (ready == null) {
                    ready = decoded(wanted);
                }
                if (ready == null && last && chunk == null) {
                    Throwable failed = failure;
                    if (failed != null) {
                        end(to, failures.of(attempt.causeOr(failed), attempt));
                    } else {
                        decoder.end();
                        end(to, null);
                    }
                    break;
                }
            } catch (RuntimeException | Error e) {
                end(to, failures.of(e, attempt));
                break;
            }
            byte[] piece = ready;
            if (piece == null || !wanted) {
                break;
            }
            ready = null;
            given++;
            to.onNext(Unpooled.wrappedBuffer(piece));
        }
        long taken = given;
        long left = requested.updateAndGet(demand -> demand == Long.MAX_VALUE ? demand : demand - taken);
        attempt.wanted(left > 0 && !terminated && !cancelled);
    }

    /** The next piece, of what is here; where there is none, and one is wanted, asks the connection for more. */
    private byte @Nullable [] decoded(boolean wanted) {
        while (true) {
            byte[] piece = decoder.poll();
            if (piece != null) {
                return piece;
            }
            byte[] next = chunk;
            if (next == null) {
                Subscription connection = upstream;
                if (wanted && !asked && !done && connection != null) {
                    asked = true;
                    connection.request(1);
                }
                return null;
            }
            chunk = null;
            asked = false;
            decoder.feed(next);
        }
    }

    private void end(CoreSubscriber<? super ByteBuf> to, @Nullable Throwable error) {
        terminated = true;
        if (error == null) {
            to.onComplete();
        } else {
            to.onError(error);
        }
    }

    private void skip() {
        refuse();
        if (!draining) {
            draining = true;
            chunk = null;
            Subscription connection = upstream;
            if (promised - received > DRAINED || connection == null) {
                closing = true;
                release();
            } else if (!done) {
                connection.request(Long.MAX_VALUE);
            }
        }
        if (done) {
            drained.tryEmitEmpty();
        }
    }

    private void release() {
        refuse();
        if (!closed) {
            closed = true;
            decoder.close();
            ready = null;
            Subscription connection = upstream;
            if (!done && connection != null) {
                connection.cancel();
            }
            drained.tryEmitEmpty();
        }
        chunk = null;
    }

    /** Tells a reader who is still there, or comes only now, that it is over. */
    private void refuse() {
        CoreSubscriber<? super ByteBuf> late = reader;
        if (late != null && !terminated && !cancelled) {
            end(late, new IllegalStateException("the exchange has ended, and the response's body with it"));
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return reader;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested.get();
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.ERROR) {
            return failure;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return null;
    }
}
