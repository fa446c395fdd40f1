package io.weir.files;

import io.weir.core.debug.Assembly;
import io.weir.core.offload.Offload;
import io.weir.core.sync.Bracket;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/**
 * A file that many append to at once, each record safe on the device before its append completes: group commit. All that wait
 * are written together and forced to the device once, so a thousand appends cost little more than one.
 *
 * <pre>{@code
 * Mono<Long> sold = AppendLog.using(journal, log -> orders.flatMap(order -> log.append(order.toBytes()), 256).count());
 * }</pre>
 *
 * <p>Records stand in the file in the order in which they were asked for, each whole, nothing between them: what tells them
 * apart, a line feed or a length, is the caller's. After a crash the last one may be there in part, but none whose append had
 * completed.
 *
 * <p>A write that fails, or a device that does not take what it is forced to, fails all that waited, and the log takes no more:
 * what is on the device is then unknown, and asking again could be answered with a yes that is not true. Open the file anew, read
 * what is there, and go on from that.
 *
 * <p>A log has one writer: two of them on one file keep their records whole, and know nothing of each other's offsets.
 */
public final class AppendLog {
    private final AppendLoop loop;

    AppendLog(AppendLoop loop) {
        this.loop = loop;
    }

    /**
     * Uses a log and closes it, with {@link AppendLogOptions#defaults()}.
     *
     * @param path the file, created if missing
     * @param use what to do with it
     * @param <T> what {@code use} emits
     * @return what {@code use} emits
     */
    public static <T> Mono<T> using(Path path, Function<? super AppendLog, ? extends Mono<? extends T>> use) {
        return using(path, AppendLogOptions.defaults(), use);
    }

    /**
     * Uses a log and closes it. Emits what {@code use} emits, once the log is closed; whatever way the use ends, a cancel
     * included, what has been asked for and not cancelled is written first.
     *
     * @param path the file, created if missing
     * @param options how it is kept
     * @param use what to do with it
     * @param <T> what {@code use} emits
     * @return what {@code use} emits
     */
    public static <T> Mono<T> using(
            Path path, AppendLogOptions options, Function<? super AppendLog, ? extends Mono<? extends T>> use) {
        return Bracket.using(Mono.fromSupplier(() -> of(path, options)), use, AppendLog::close);
    }

    /**
     * A log that the caller closes: {@link #using} is the form that cannot forget. The file is opened, and created, by the
     * first append, and stays open until {@link #close()}.
     *
     * @param path the file, created if missing
     * @param options how it is kept
     * @return a log
     */
    public static AppendLog of(Path path, AppendLogOptions options) {
        FileOperation operation = new FileOperation("append", path);
        return new AppendLog(
                new AppendLoop(operation, options, () -> open(path, options), Offload.blockingScheduler()));
    }

    private static FileChannel open(Path path, AppendLogOptions options) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (options.parents() && folder != null) {
            Target.createFolders(folder);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            // The file may be new: without its entry in the folder, its content is lost.
            Target.forceEntry(path);
            return channel;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Appends a record, once for each subscription, and emits the offset at which it begins, when it is on the device.
     *
     * <p>The record takes its place in the line when the result is first requested. Signals arrive on a worker of
     * {@link Offload#blockingScheduler()}, one after the other: who is slow there keeps the next group waiting. Cancelled before
     * its write begins, the record is withdrawn; later, it is written and nobody is told.
     *
     * <p>Fails with {@link AppendLogException}, and then nothing was written: after {@link #close()}, after an earlier failure, and
     * when {@link AppendLogOptions#withMaxWaiting} appends wait already, where this one signal arrives on the thread that
     * requested. A {@link FileException} of any other kind means that the record was not made durable; whether it can be found
     * in the file is open, and the log takes no more, unless it was the opening that failed. A full worker pool is reported with
     * its own {@link RejectedExecutionException}.
     *
     * @param bytes the record, which must not change until it is written
     * @return the offset of the record
     */
    public Mono<Long> append(byte[] bytes) {
        return new AppendMono(loop, bytes).assembled();
    }

    /**
     * How many appends wait, those that are being written included.
     *
     * @return a number that may have changed already
     */
    public int waiting() {
        return loop.waiting();
    }

    /**
     * Takes no more records, and completes when those that wait are written and the file is closed. It may be subscribed to more
     * than once, and a cancel does not stop it. That a write failed is told to its append and not here.
     *
     * @return completes when the file is closed
     */
    public Mono<Void> close() {
        return loop.close();
    }

    private static final class AppendMono extends Mono<Long> implements Scannable {
        private final AppendLoop loop;
        private final byte[] record;

        AppendMono(AppendLoop loop, byte[] record) {
            this.loop = loop;
            this.record = record;
        }

        Mono<Long> assembled() {
            return Assembly.of(this);
        }

        @Override
        public void subscribe(CoreSubscriber<? super Long> actual) {
            actual.onSubscribe(new Append(loop, record, actual));
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }

        @Override
        public String stepName() {
            return loop.operation().toString();
        }
    }
}
