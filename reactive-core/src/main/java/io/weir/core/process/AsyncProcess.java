package io.weir.core.process;

import io.weir.core.sync.Bracket;
import io.weir.core.task.Gather;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A program that runs beside this one: {@code asyncio.create_subprocess_exec}.
 *
 * <pre>{@code
 * Mono<String> branch = AsyncProcess.run(Command.of("git", "branch", "--show-current"))
 *         .map(ProcessResult::requireSuccess)
 *         .map(result -> result.stdoutText().strip());
 *
 * Flux<String> errors = AsyncProcess.usingMany(
 *         Command.of("journalctl", "--follow"), process -> process.stdoutLines().filter(line -> line.contains("error")));
 * }</pre>
 *
 * <p><b>Scopes.</b> {@link #run}, {@link #using} and {@link #usingMany} have ended the process, all it has started, and all that belongs to it before
 * they tell how it went. After a cancel, and so when a {@link io.weir.core.task.Deadline} is over, they do the same behind the back of who cancelled, and hold the
 * surrounding task until it is done. {@link #start} gives a process that its owner must {@link #close}.
 *
 * <p><b>The end.</b> A SIGTERM goes to the process and its descendants; after {@linkplain Command#withGrace a grace} those that still run, and those
 * that were started meanwhile, get a SIGKILL. A process that has exited by itself is looked after in the same way: what it left in the
 * background is ended with its scope. To be found, descendants need a parent that lives, or, on Linux, the variable {@code WEIR_PROCESS}, which
 * each process gets and its descendants inherit; one that has neither is out of reach, and so is one that another user owns.
 *
 * <p><b>Output.</b> Nothing is read without demand, so a process that writes more than is asked for waits. stdout and stderr are two streams, and
 * a process that fills the one that nobody reads waits for ever: read both, or use {@link Command#withErrorsInOutput}. A stream ends when all who
 * have it open have closed it, or the process has exited; where something else keeps it open then, 200 ms after the last byte at the latest.
 * What that writes later is lost.
 *
 * <p><b>Threads.</b> A thread of {@code weir-process} is taken for as long as a read or a write has to wait, and signals arrive there. 256 processes run at once at
 * most, or as many as the system property {@code weir.process.limit} says, read once; one more is refused with {@link ProcessRejectedException}.
 *
 * <p>Each process is a task in a group {@code process} of the {@linkplain io.weir.core.task.TaskTree task tree}, named after its program and its number.
 */
public final class AsyncProcess {
    private final Lifetime lifetime;

    private AsyncProcess(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    /**
     * Runs a command to its end, and captures what it writes.
     *
     * <p>Emits one result, whatever the exit status is: {@link ProcessResult#requireSuccess} makes an error of it. The process is started with the first
     * request, once for each subscription; its stdin is closed at once where the command has no input. Signals arrive on
     * a thread of {@code weir-process}. Cancelling ends the process: see above. Errors: a {@link ProcessException} if it cannot be started,
     * and {@link ProcessOutputLimitException} where stdout or stderr is longer than {@link Command#withOutputLimit}; those of the command's
     * input; {@link ProcessRejectedException}. When they are told the process has ended.
     *
     * @param command what to run
     * @return the result
     */
    public static Mono<ProcessResult> run(Command command) {
        return using(
                command.orNoInput(),
                process -> Gather.failFast(
                        process.captured(process.stdout(), "stdout"),
                        process.captured(process.stderr(), "stderr"),
                        process.exit(),
                        (stdout, stderr, status) ->
                                new ProcessResult(command, process.pid(), status, stdout.bytes(), stderr.bytes())));
    }

    private Mono<Captured> captured(Flux<byte[]> stream, String name) {
        return stream.collect(() -> new Captured(command(), name), Captured::add);
    }

    /**
     * The lines that a command writes to stdout.
     *
     * <p>Emits each line as it comes, under backpressure, and completes when the process has exited with 0. It is started on subscribe; its stdin is closed
     * at once where the command has no input; of its stderr the end is kept for the error. Signals arrive on a thread of {@code weir-process}.
     * Cancelling ends the process. Errors: {@link ProcessExitException} after the last line; {@link ProcessLineTooLongException};
     * otherwise those of {@link #run} but its limit.
     *
     * @param command what to run
     * @return the lines, without their endings
     */
    public static Flux<String> lines(Command command) {
        return usingMany(command.orNoInput(), AsyncProcess::checkedLines);
    }

    private Flux<String> checkedLines() {
        Mono<Tail> tail = stderr().collect(Tail::new, Tail::add).cache();
        Mono<String> verdict = Mono.zip(exit(), tail)
                .flatMap(end -> end.getT1().isSuccess()
                        ? Mono.empty()
                        : Mono.error(ProcessExitException.of(
                                command(),
                                end.getT1(),
                                end.getT2().text(command().charset()))));
        return stdoutLines()
                .doOnSubscribe(started -> tail.subscribe(null, e -> {}))
                .concatWith(verdict);
    }

    /**
     * Uses a process, and ends it.
     *
     * <p>Emits what {@code use} emits, when the process and all it has started have ended. It is started with the first request. {@code use} is
     * called on a thread of {@code weir-process}, and signals arrive on one. A cancel cancels the use and then ends the process. Errors:
     * a {@link ProcessException} if it cannot be started, those of the use, {@link ProcessRejectedException}. A use that ends while the process
     * runs ends the process: to wait for it, {@link #exit} belongs into the use. Time: up to twice the command's grace and 5 s for its end.
     *
     * @param command what to run
     * @param use what to do with it
     * @param <T> the result
     * @return the result
     */
    public static <T> Mono<T> using(Command command, Function<? super AsyncProcess, ? extends Mono<? extends T>> use) {
        return Bracket.using(start(command), use, AsyncProcess::close);
    }

    /**
     * Uses a process for many elements, and ends it.
     *
     * <p>As {@link #using}, but elements are emitted as they come, and the process is started on subscribe.
     *
     * @param command what to run
     * @param use what to do with it
     * @param <T> what it emits
     * @return what the use emits
     */
    public static <T> Flux<T> usingMany(
            Command command, Function<? super AsyncProcess, ? extends Publisher<? extends T>> use) {
        return Bracket.usingMany(start(command), use, AsyncProcess::close);
    }

    /**
     * Starts a process that the caller must {@link #close}; prefer {@link #using}.
     *
     * <p>Emits it as soon as the program runs. It is started with the first request, once for each subscription. Signals arrive on a thread
     * of {@code weir-process}. Cancelled in time, it is not started, or ended again; an operator that drops what was emitted leaves the process running.
     * Started in a task, it keeps that task from ending until it has exited. Errors: a {@link ProcessException} if it cannot be started;
     * {@link ProcessRejectedException}.
     *
     * @param command what to run
     * @return the process
     */
    public static Mono<AsyncProcess> start(Command command) {
        Objects.requireNonNull(command);
        return Mono.deferContextual(
                        context -> Workers.POOL.call(() -> new AsyncProcess(Launch.start(command, context))))
                .doOnDiscard(AsyncProcess.class, process -> process.lifetime.startClosing());
    }

    /**
     * The number that the system gave it.
     *
     * @return the process id
     */
    public long pid() {
        return lifetime.pid();
    }

    /**
     * What it was started with.
     *
     * @return the command
     */
    public Command command() {
        return lifetime.command();
    }

    /**
     * Whether it runs; old as soon as it is told.
     *
     * @return false once it has exited
     */
    public boolean isAlive() {
        return lifetime.isAlive();
    }

    /**
     * What it writes to stdout, as it comes.
     *
     * <p>Emits each read, up to 64 KiB, when there is demand; nothing is read ahead. Reading starts with the first request. Signals arrive on a thread of
     * {@code weir-process}. Cancelling closes the pipe, once nobody waits in it, and what the process writes then brings it a SIGPIPE. Errors: {@link IllegalStateException}
     * for a second subscriber of stdout, whichever form it asks for; {@link ProcessIoException}.
     *
     * @return the bytes; each array is the subscriber's own
     */
    public Flux<byte[]> stdout() {
        return lifetime.stdout().bytes();
    }

    /**
     * The lines it writes to stdout.
     *
     * <p>As {@link #stdout}. A line ends with LF, CR or CRLF, and the last one with the stream; malformed text is replaced. Errors:
     * {@link ProcessLineTooLongException} as well.
     *
     * @return the lines, without their endings
     */
    public Flux<String> stdoutLines() {
        return lifetime.stdout().lines();
    }

    /**
     * What it writes to stderr, as {@link #stdout}.
     *
     * @return the bytes; each array is the subscriber's own
     */
    public Flux<byte[]> stderr() {
        return lifetime.stderr().bytes();
    }

    /**
     * The lines it writes to stderr, as {@link #stdoutLines}.
     *
     * @return the lines, without their endings
     */
    public Flux<String> stderrLines() {
        return lifetime.stderr().lines();
    }

    /**
     * Writes to its stdin, and leaves that open.
     *
     * <p>Emits how many bytes were written, when {@code source} has completed and the pipe has taken all. It starts when subscribed; a write that another one is
     * before waits for it. Chunks are requested one at a time and flushed each. Signals arrive on a thread of {@code weir-process}. Cancelling
     * cancels the source; the chunk under way may be written in part, and its thread comes back when the process reads on or ends. A process that reads no more is
     * no error: the source is cancelled, and the number is smaller. Errors: those of the source; {@link IllegalStateException} after
     * {@link #closeStdin}.
     *
     * @param source what to write
     * @return the number of bytes
     */
    public Mono<Long> write(Publisher<byte[]> source) {
        return lifetime.stdin().write(source);
    }

    /**
     * As {@link #write(Publisher)}, for text in the command's charset.
     *
     * @param text what to write; it needs its own line ending
     * @return the number of bytes
     */
    public Mono<Long> write(String text) {
        return write(Mono.fromSupplier(() -> text.getBytes(command().charset())));
    }

    /**
     * Closes its stdin, after the writes that came before.
     *
     * <p>Completes empty. It starts when subscribed; doing it again does nothing. Signals arrive on a thread of {@code weir-process}. No errors.
     *
     * @return the end of it
     */
    public Mono<Void> closeStdin() {
        return lifetime.stdin().close();
    }

    /**
     * Its stdin as a subscriber: what it is given is written, one chunk at a time, and the end of the source closes it. A process that reads no more cancels
     * the source. An error of the source closes stdin, and goes to Reactor's dropped-error hook: who wants to hear of it uses
     * {@link #write(Publisher)}.
     *
     * @return a subscriber for one source
     */
    public Subscriber<byte[]> stdin() {
        return new InputSubscriber(lifetime.stdin());
    }

    /**
     * Waits for the exit.
     *
     * <p>Emits the status when the process has exited, at once where it has; its output may not have been read then. Signals arrive on a thread of
     * {@code weir-process} or on the subscriber's. Cancelling has no effect on the process. Errors: those of the command's input.
     *
     * @return the status, for each subscriber
     */
    public Mono<ExitStatus> exit() {
        return lifetime.exit();
    }

    /**
     * Ends the process and what it has started: see above.
     *
     * <p>Completes empty when nothing runs any more. It starts when subscribed; any number may subscribe, also after the end. Signals arrive on a thread of
     * {@code weir-process} or on the subscriber's. Cancelling this Mono stops the wait, and not the end. No errors. Time: the command's grace, and
     * 5 s for the kill at most: what the system does not let die is given up then.
     *
     * @return the end
     */
    public Mono<Void> close() {
        return lifetime.close();
    }

    @Override
    public String toString() {
        return "AsyncProcess[" + lifetime + (isAlive() ? "]" : ", exited]");
    }
}
