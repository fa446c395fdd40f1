package io.weir.files;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/** A file being opened by a ring, to be held open. */
final class RingOpening implements Runnable, Gate.Entrant, Ring.Answer {
    private static final int MODE = 0666; // without what the process masks

    private final FileOperation operation;
    private final byte[] name;
    private final OpenOptions options;
    private final Rings rings;
    private final Scheduler workers;
    private final Ring ring;
    private final CallSubscription<OpenFile> subscription;

    private @Nullable ByteBuffer path;

    RingOpening(
            FileOperation operation,
            byte[] name,
            OpenOptions options,
            Rings rings,
            Scheduler workers,
            CallSubscription<OpenFile> subscription) {
        this.operation = operation;
        this.name = name;
        this.options = options;
        this.rings = rings;
        this.workers = workers;
        this.ring = rings.ring();
        this.subscription = subscription;
    }

    void start() {
        try {
            ring.execute(this);
        } catch (RejectedExecutionException e) {
            subscription.fail(e);
        }
    }

    @Override
    public void run() {
        try {
            ring.admit(ring.operations, this);
        } catch (Throwable t) { // too many wait
            subscription.fail(t);
        }
    }

    @Override
    public boolean enter() {
        path = ring.takeSpace().put(0, name).put(name.length, (byte) 0);
        submit();
        return true;
    }

    private void submit() {
        long address = Ring.address(Objects.requireNonNull(path));
        ring.submit(Ring.OPENAT, Ring.AT_FDCWD, 0, address, MODE, flags(), this);
    }

    private int flags() {
        int flags = Ring.O_CLOEXEC | (options.writes() ? Ring.O_RDWR : Ring.O_RDONLY);
        flags |= switch (options.creation()) {
            case NONE -> 0;
            case IF_MISSING -> Ring.O_CREAT;
            case NEW -> Ring.O_CREAT | Ring.O_EXCL;
        };
        return options.truncates() ? flags | Ring.O_TRUNC : flags;
    }

    @Override
    public void answer(int result) {
        if (result == Errno.INTERRUPTED) {
            submit();
            return;
        }
        ring.giveSpace(Objects.requireNonNull(path));
        ring.operations.leave();
        if (result < 0) {
            subscription.fail(Errno.exception(operation.path(), result));
        } else {
            subscription.succeed(new RingFile(rings, result, operation.path(), options.writes(), workers));
        }
    }
}
