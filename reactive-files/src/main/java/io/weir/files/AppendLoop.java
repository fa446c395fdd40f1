package io.weir.files;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Writes what waits, forces it to the device, tells those who waited, and begins again: whoever comes while the device is
 * busy is in the next group. So the number of appends to one force is as large as the device is slow, and one append alone
 * waits for nobody.
 *
 * <p>The file is opened by the first group, and a file that cannot be opened fails that group only. After a write or a force
 * that failed nobody knows what is on the device, and a second force may succeed without having written anything: the log
 * then takes no more.
 */
final class AppendLoop extends WorkerLoop {
    private static final int GROUP_BYTES = 4 << 20;

    private final FileOperation operation;
    private final AppendLogOptions options;
    private final Opener opener;
    private final Queue<Append> line = Queues.<Append>unboundedMultiproducer().get();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private volatile boolean closing;

    // The rest belongs to the turns.
    private final List<Append> group = new ArrayList<>();
    private final List<byte[]> records = new ArrayList<>();
    private final BufferBatch batch = new BufferBatch();
    private @Nullable FileChannel channel;
    private long durable; // bytes in the file, all on the device
    private @Nullable Throwable rejection;
    private @Nullable Throwable broken;
    private boolean shut;

    /** Opens the file for appending, on a worker. */
    interface Opener {
        FileChannel open() throws IOException;
    }

    AppendLoop(FileOperation operation, AppendLogOptions options, Opener opener, Scheduler workers) {
        super(workers);
        this.operation = operation;
        this.options = options;
        this.opener = opener;
    }

    FileOperation operation() {
        return operation;
    }

    int waiting() {
        return waiting.get();
    }

    void enter(Append append) {
        if (waiting.incrementAndGet() > options.maxWaiting()) {
            refuse(append, AppendLogException.full(operation, options.maxWaiting()));
        } else if (closing) {
            refuse(append, AppendLogException.closed(operation));
        } else {
            line.add(append);
            signal();
        }
    }

    /** An append was withdrawn. */
    void left() {
        waiting.decrementAndGet();
    }

    private void refuse(Append append, Throwable t) {
        if (append.fail(t)) {
            left();
        }
    }

    Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            signal();
            return closed.asMono();
        });
    }

    @Override
    boolean turn() {
        if (rejection != null) {
            refuseAll(rejection);
            return false;
        }
        while (true) {
            boolean last = closing; // read before the line is: what entered before the close is seen
            if (!takeGroup()) {
                if (last) {
                    shut();
                }
                return false;
            }
            commit();
            if (turnIsOver()) {
                return true;
            }
        }
    }

    /** False: nobody waits. */
    private boolean takeGroup() {
        int bytes = 0;
        boolean any = false;
        while (bytes < GROUP_BYTES) {
            Append next = line.poll();
            if (next == null) {
                break;
            }
            any = true;
            if (shut) {
                tell(next, () -> refuse(next, AppendLogException.closed(operation)));
                continue;
            }
            Throwable first = broken;
            if (first != null) {
                tell(next, () -> refuse(next, AppendLogException.broken(operation, first)));
                continue;
            }
            byte[] record = next.take();
            if (record != null) {
                group.add(next);
                records.add(record);
                bytes += Math.min(record.length, GROUP_BYTES);
            }
        }
        return any;
    }

    private void commit() {
        if (group.isEmpty()) {
            return;
        }
        FileChannel to = channel;
        try {
            if (to == null) {
                to = opener.open();
                channel = to;
                durable = to.size();
            }
        } catch (Throwable t) {
            failGroup(t);
            return;
        }
        try {
            write(to);
            to.force(false);
        } catch (Throwable t) {
            broken = t;
            batch.close();
            giveUp(to, t);
            failGroup(t);
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            Append append = group.get(i);
            long offset = durable;
            durable += records.get(i).length;
            left();
            tell(append, () -> append.durable(offset));
        }
        forgetGroup();
    }

    private void write(FileChannel to) throws IOException {
        for (byte[] record : records) {
            batch.add(Unpooled.wrappedBuffer(record));
            if (batch.isFull()) {
                writeBatch(to);
            }
        }
        writeBatch(to);
    }

    private void writeBatch(FileChannel to) throws IOException {
        while (!batch.isEmpty()) {
            batch.writeTo(to);
        }
    }

    /** Takes back what of the group is in the file, as far as that is possible: no record should be there in part. */
    private void giveUp(FileChannel to, Throwable failure) {
        channel = null;
        try (to) {
            if (to.size() > durable) {
                to.truncate(durable);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void failGroup(Throwable t) {
        for (Append append : group) {
            left();
            tell(append, () -> append.fail(operation.told(t)));
        }
        forgetGroup();
    }

    private void forgetGroup() {
        group.clear();
        records.clear();
    }

    /** The pool is full: those who wait are told, and the log goes on with those who come later. */
    private void refuseAll(Throwable t) {
        rejection = null;
        boolean last = closing;
        for (Append next = line.poll(); next != null; next = line.poll()) {
            Append refused = next;
            tell(refused, () -> refuse(refused, t));
        }
        if (last) {
            shut();
        }
    }

    private void shut() {
        if (shut) {
            return;
        }
        shut = true;
        FileChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
            closed.tryEmitEmpty();
        } catch (IOException e) {
            closed.tryEmitError(operation.failure(e));
        }
    }

    /** A subscriber that throws must not keep the others from being told. */
    private static void tell(Append append, Runnable signal) {
        try {
            signal.run();
        } catch (Throwable t) {
            Operators.onErrorDropped(t, append.actual().currentContext());
        }
    }

    @Override
    boolean needsWorker() {
        return !shut; // also to close what is not open: an append may still be on its way into the line
    }

    @Override
    void rejected(Throwable t) {
        rejection = t;
    }

    @Override
    void abandon(Throwable thrown) {
        Operators.onErrorDropped(thrown, Context.empty());
    }
}
