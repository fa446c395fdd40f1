package io.weir.files;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Opens the target, then subscribes to the source, then writes what has been queued, a batch at a time, until the source
 * ends. As many elements are requested as have been written or copied, so no more than {@code prefetch} are ever held. What
 * is copied is replaced before the write: a source of tiny elements that has more to give fills a batch with them.
 *
 * <p>An element is owned from {@link #onNext} on. It goes through the queue into the batch, and from there into the file
 * or, when the work has ended before, to {@link Batch#discard}; the turn that comes after the signal for a late element does
 * that, so none can be left behind in the queue.
 */
final class WriteSubscription<T> extends WorkerLoop implements CoreSubscriber<T>, Subscription, Scannable {
    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<WriteSubscription, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(WriteSubscription.class, Subscription.class, "upstream");

    private final FileOperation operation;
    private final Publisher<? extends T> source;
    private final int prefetch;
    private final int replacedAtOnce;
    private final Batch<T> batch;
    private final WriteMono.Opener opener;
    private final CoreSubscriber<? super Long> actual;
    private final Queue<T> queue;

    private volatile boolean started;
    private volatile boolean cancelled;
    private volatile @Nullable Subscription upstream;
    private volatile boolean sourceEnded; // written after sourceFailure
    private @Nullable Throwable sourceFailure;

    // The rest belongs to the turns.
    private @Nullable Target target;
    private @Nullable Throwable rejection;
    private @Nullable RuntimeException refused; // what the batch said of an element
    private int copied; // elements the batch has copied and no request has replaced
    private int held; // elements the batch holds
    private long written;
    private long unforced; // bytes written and not forced to the device
    private boolean published;
    private boolean finished;

    WriteSubscription(
            FileOperation operation,
            Publisher<? extends T> source,
            int prefetch,
            Batch<T> batch,
            WriteMono.Opener opener,
            Scheduler workers,
            CoreSubscriber<? super Long> actual) {
        super(workers);
        this.operation = operation;
        this.source = source;
        this.prefetch = prefetch;
        this.replacedAtOnce = prefetch - prefetch / 4;
        this.batch = batch;
        this.opener = opener;
        this.actual = actual;
        this.queue = Queues.<T>get(prefetch).get();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n) && !started) {
            started = true;
            signal();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Operators.terminate(UPSTREAM, this);
        signal();
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.setOnce(UPSTREAM, this, s)) {
            s.request(prefetch);
        }
    }

    @Override
    public void onNext(T element) {
        if (sourceEnded) {
            batch.discard(element, currentContext());
            Operators.onNextDropped(element, currentContext());
            return;
        }
        if (!queue.offer(element)) {
            batch.discard(element, currentContext());
            Operators.terminate(UPSTREAM, this);
            onError(Exceptions.failWithOverflow(operation + ": the source emitted more than was requested"));
            return;
        }
        signal();
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

    @Override
    boolean turn() {
        if (finished) {
            discardQueued();
            return false;
        }
        if (cancelled) {
            finish(null);
            return false;
        }
        if (rejection != null) {
            fail(rejection);
            return false;
        }
        boolean more;
        try {
            if (target == null) {
                target = opener.open();
                source.subscribe(this);
            }
            more = write(target);
        } catch (Throwable t) {
            fail(t);
            return false;
        }
        if (published) {
            finished = true;
            actual.onNext(written);
            actual.onComplete();
        }
        return more;
    }

    /** Throws what the source failed with as it is, hence the signature. */
    private boolean write(Target to) throws Throwable {
        while (!cancelled) {
            // Read before the queue is: what was emitted before the end is then seen to be in the queue.
            boolean last = sourceEnded;
            if (!takeQueued()) {
                if (last) {
                    end(to);
                }
                return false;
            }
            writeBatch(to);
            if (refused != null) {
                throw refused;
            }
            replaceTaken();
            if (turnIsOver()) {
                return true;
            }
        }
        return true; // to the turn that sees the cancel
    }

    /** Fills the batch. False: there was nothing to take. */
    private boolean takeQueued() {
        boolean taken = false;
        while (!batch.isFull() && refused == null) {
            T element = queue.poll();
            if (element != null) {
                taken = true;
                take(element);
            } else if (copied == 0 || turnIsOver()) { // over: a slow source should see what it gave in the file
                break;
            }
            if (element == null || copied == replacedAtOnce) {
                int replaced = copied;
                copied = 0;
                requestMore(replaced); // may emit into the queue, here and now
            }
        }
        return taken;
    }

    private void take(T element) {
        try {
            if (batch.add(element)) {
                copied++;
            } else {
                held++;
            }
        } catch (RuntimeException e) {
            // The elements before it are written first, however the queue happened to be cut into batches.
            refused = e;
        }
    }

    private void replaceTaken() {
        int replaced = copied + held;
        copied = 0;
        held = 0;
        requestMore(replaced);
    }

    private void writeBatch(Target to) throws IOException {
        while (!batch.isEmpty() && !cancelled) {
            long count = batch.writeTo(to.channel());
            written += count;
            unforced += count;
            if (unforced >= to.unforcedAtMost()) {
                to.channel().force(false);
                unforced = 0;
            }
        }
    }

    private void requestMore(int n) {
        Subscription s = upstream;
        if (s != null && n > 0) {
            s.request(n);
        }
    }

    private void end(Target to) throws Throwable {
        if (sourceFailure != null) {
            throw sourceFailure;
        }
        batch.end();
        writeBatch(to);
        to.complete();
        if (cancelled) {
            finish(null);
        } else {
            to.publish();
            published = true;
        }
    }

    private void fail(Throwable t) {
        Throwable failure = operation.told(t);
        if (!sourceEnded) {
            Operators.terminate(UPSTREAM, this);
        }
        finish(failure);
        actual.onError(failure);
    }

    /** Gives up all that is held. What goes wrong with that is told with the failure, if there is one. */
    private void finish(@Nullable Throwable failure) {
        finished = true;
        batch.close();
        discardQueued();
        if (target == null) {
            return;
        }
        try {
            target.abort();
        } catch (IOException e) {
            FileException second = operation.failure(e);
            if (failure == null) {
                Operators.onErrorDropped(second, currentContext());
            } else {
                failure.addSuppressed(second);
            }
        }
    }

    private void discardQueued() {
        for (T element = queue.poll(); element != null; element = queue.poll()) {
            batch.discard(element, currentContext());
        }
    }

    @Override
    boolean needsWorker() {
        return !finished && !(cancelled && target == null);
    }

    @Override
    void rejected(Throwable t) {
        rejection = t;
    }

    @Override
    void abandon(Throwable thrown) {
        if (!finished) {
            finish(thrown);
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
            return prefetch;
        }
        if (key == Attr.BUFFERED) {
            return queue.size();
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
        if (key == Attr.NAME) {
            return operation.taskName();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public String stepName() {
        return operation.toString();
    }
}
