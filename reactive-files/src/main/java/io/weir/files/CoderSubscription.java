package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Takes the source's buffers through a coder while there is demand. The source is asked for two buffers by the first demand,
 * and for one more as each is taken, so that it reads the next while this one is coded.
 *
 * <p>A buffer is owned from {@link #onNext} on, and one that was made until it is emitted; whatever ends the work releases
 * what is held, and the turn after the signal for a late buffer releases that.
 */
final class CoderSubscription extends WorkerLoop implements CoreSubscriber<ByteBuf>, Subscription, Scannable {
    private static final int PREFETCH = 2;
    private static final int OUT = 64 << 10;

    private static final AtomicLongFieldUpdater<CoderSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(CoderSubscription.class, "requested");

    private enum Step {
        AGAIN,
        EMIT,
        WAIT,
        COMPLETE
    }

    private final String name;
    private final Supplier<Coder> coders;
    private final @Nullable DecodeLimits limits;
    private final CoreSubscriber<? super ByteBuf> actual;
    private final Queue<ByteBuf> queue = Queues.<ByteBuf>get(PREFETCH).get();

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean sourceEnded; // written after sourceFailure
    private @Nullable Throwable sourceFailure;
    private @Nullable Subscription upstream; // written before anything can signal

    // The rest belongs to the turns.
    private long emitted;
    private @Nullable Coder coder;
    private @Nullable ByteBuf in;
    private ByteBuffer[] views = {};
    private int view;
    private @Nullable ByteBuf out;
    private @Nullable ByteBuffer room; // of out
    private boolean keptSome; // the coder had no more room
    private long consumed;
    private long produced;
    private boolean asked;
    private boolean ended; // the coder is
    private @Nullable DecodeException failure; // of the coder, told after what it made before
    private @Nullable Throwable rejection;
    private boolean finished;

    CoderSubscription(
            String name,
            Supplier<Coder> coders,
            @Nullable DecodeLimits limits,
            Scheduler workers,
            CoreSubscriber<? super ByteBuf> actual) {
        super(workers);
        this.name = name;
        this.coders = coders;
        this.limits = limits;
        this.actual = actual;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(upstream, s)) {
            upstream = s;
            actual.onSubscribe(this);
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            signal();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        upstream().cancel();
        signal();
    }

    @Override
    public void onNext(ByteBuf buffer) {
        if (sourceEnded) {
            buffer.release();
        } else if (queue.offer(buffer)) {
            signal();
        } else {
            buffer.release();
            upstream().cancel();
            onError(Exceptions.failWithOverflow(name + ": the source emitted more than was requested"));
        }
    }

    @Override
    public void onError(Throwable t) {
        if (sourceEnded) {
            Operators.onErrorDropped(t, currentContext());
            return;
        }
        sourceFailure = t;
        sourceEnded = true;
        signal();
    }

    @Override
    public void onComplete() {
        sourceEnded = true;
        signal();
    }

    private Subscription upstream() {
        Subscription s = upstream;
        if (s == null) {
            throw new IllegalStateException("a signal before onSubscribe");
        }
        return s;
    }

    @Override
    boolean turn() {
        if (finished) {
            releaseQueued();
            return false;
        }
        while (!cancelled) {
            if (rejection != null) {
                fail(rejection);
                return false;
            }
            if (emitted == requested) {
                tellFailure();
                return false;
            }
            Step step;
            try {
                step = step();
            } catch (Throwable t) {
                fail(t);
                return false;
            }
            if (step == Step.WAIT) {
                return false;
            }
            if (step == Step.COMPLETE) {
                finish();
                actual.onComplete();
                return false;
            }
            if (step == Step.EMIT) {
                emit();
            }
            if (turnIsOver()) {
                return true;
            }
        }
        finish();
        return false;
    }

    /** A source that failed is told without demand, when nothing is left to be emitted before. */
    private void tellFailure() {
        if (sourceEnded && sourceFailure != null && in == null && !keptSome && isEmpty(out) && queue.isEmpty()) {
            fail(sourceFailure);
        }
    }

    private Step step() throws Throwable {
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return Step.COMPLETE;
        }
        ByteBuffer to = room();
        if (keptSome || view < views.length) {
            return code(to);
        }
        releaseIn();
        boolean last = sourceEnded; // read before the queue is
        ByteBuf next = queue.poll();
        if (next != null) {
            in = next;
            views = next.nioBuffers();
            view = 0;
            upstream().request(1);
            return Step.AGAIN;
        }
        if (!last) {
            return askOrWait(to);
        }
        if (to.position() > 0) {
            return Step.EMIT; // before an error, if there is one
        }
        if (sourceFailure != null) {
            throw sourceFailure;
        }
        ended = coder().end(to);
        return to.position() > 0 ? Step.EMIT : Step.AGAIN;
    }

    private Step askOrWait(ByteBuffer to) {
        if (to.position() > 0) {
            return Step.EMIT; // what is there is not kept until there is more
        }
        releaseOut();
        if (!asked) {
            asked = true;
            upstream().request(PREFETCH);
            return Step.AGAIN;
        }
        return Step.WAIT;
    }

    private Step code(ByteBuffer to) {
        ByteBuffer from = view < views.length ? views[view] : ByteBuffer.allocate(0);
        int before = from.position();
        try {
            coder().code(from, to);
        } catch (DecodeException e) {
            failure = e;
        }
        consumed += from.position() - before;
        if (limits != null) {
            limits.check(consumed, produced + to.position());
        }
        keptSome = !to.hasRemaining();
        if (view < views.length && !from.hasRemaining()) {
            view++;
        }
        return keptSome || (failure != null && to.position() > 0) ? Step.EMIT : Step.AGAIN;
    }

    private Coder coder() {
        Coder made = coder;
        if (made == null) {
            made = coders.get();
            coder = made;
        }
        return made;
    }

    private ByteBuffer room() {
        ByteBuffer to = room;
        if (to == null) {
            ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(OUT, OUT);
            out = buffer;
            to = buffer.nioBuffer(0, OUT);
            room = to;
        }
        return to;
    }

    private boolean isEmpty(@Nullable ByteBuf made) {
        return made == null || room == null || room.position() == 0;
    }

    private void emit() {
        ByteBuf full = out;
        ByteBuffer to = room;
        if (full == null || to == null) {
            throw new IllegalStateException("nothing to emit");
        }
        out = null;
        room = null;
        produced += to.position();
        emitted++;
        actual.onNext(full.writerIndex(to.position()));
    }

    private void fail(Throwable t) {
        finish();
        actual.onError(t);
    }

    private void finish() {
        finished = true;
        if (!sourceEnded) {
            upstream().cancel();
        }
        if (coder != null) {
            coder.close();
            coder = null;
        }
        releaseIn();
        releaseOut();
        releaseQueued();
    }

    private void releaseIn() {
        views = new ByteBuffer[0];
        view = 0;
        if (in != null) {
            in.release();
            in = null;
        }
    }

    private void releaseOut() {
        room = null;
        if (out != null) {
            out.release();
            out = null;
        }
    }

    private void releaseQueued() {
        for (ByteBuf late = queue.poll(); late != null; late = queue.poll()) {
            late.release();
        }
    }

    @Override
    boolean needsWorker() {
        return !finished && !cancelled;
    }

    @Override
    void rejected(Throwable t) {
        rejection = t;
    }

    @Override
    void abandon(Throwable thrown) {
        if (!finished) {
            finish();
        }
        Operators.onErrorDropped(thrown, currentContext());
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.PREFETCH) {
            return PREFETCH;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return finished;
        }
        if (key == Attr.ERROR) {
            return sourceFailure;
        }
        if (key == Attr.RUN_ON) {
            return workers();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return name;
    }
}
