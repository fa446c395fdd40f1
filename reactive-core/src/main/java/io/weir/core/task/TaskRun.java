package io.weir.core.task;

import io.weir.core.debug.Assembly;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A task: the subscriber of its Mono, a link in its group's list, and the Context that its Mono sees, in one object, since a
 * group may hold a million of them.
 *
 * <p><b>State.</b> One word: the verdict in the low bits, then three flags, and above them how many hold the task.
 *
 * <pre>
 * verdict  WAITING ──► RUNNING ──► SUCCEEDED | FAILED
 *             └───────────┴──────► CANCELLED
 * ADMITTED  the group has given it one of its places
 * OVER      its Mono will not be heard of any more: it ended, or its cancel has returned; where that cancel came before
 *           onSubscribe, its launch has returned too
 * ENDED     OVER, and nobody holds it; nothing changes after that
 * </pre>
 *
 * <p><b>Writers.</b> The group admits, before it runs it. The group's launch moves WAITING to RUNNING; the Mono's signals move
 * RUNNING to SUCCEEDED or FAILED; anybody's cancel WAITING or RUNNING to CANCELLED. Whoever wrote the verdict sets OVER; a cancel that
 * comes while the launching thread is still in the Mono's code, and has no Subscription to cancel, leaves that to this thread. ENDED is set
 * with OVER where nobody holds the task, and by the last release otherwise. All of it by CAS on the word.
 *
 * <p><b>Invariant.</b> There is one verdict, so one of value, error and cancel is told. A hold that was counted keeps ENDED away;
 * after ENDED none is counted. {@link #finish} runs once.
 *
 * <p><b>Publication.</b> {@code value} is written before the CAS to SUCCEEDED, or before OVER; it is read after ENDED.
 *
 * <p><b>Loss.</b> A value whose completion loses against a cancel is discarded: both the one that stored it and the one that
 * cancelled take it out of {@code value}, and who gets it discards it. One that comes later is discarded as it comes.
 *
 * <p><b>Callbacks.</b> Nothing is held while the Mono, a joiner or a callback is called.
 *
 * <p><b>Proof.</b> {@code TaskTest}, {@code HostileSourceTest}, {@code TaskCompleteCancelRace}, {@code TaskFailCancelRace},
 * {@code TaskLaunchCancelRace}, {@code TaskSubscribeCancelRace}, {@code TaskJoinCompleteRace}, {@code TaskJoinCancelRace},
 * {@code TaskHoldRace}, {@code TaskHoldEndRace}.
 */
final class TaskRun<T> extends TaskContext implements Task<T>, Awaited, CoreSubscriber<T>, Scannable, Runnable {
    private static final int VERDICT = 7;
    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int SUCCEEDED = 2;
    private static final int FAILED = 3;
    private static final int CANCELLED = 4;
    private static final int ADMITTED = 8;
    private static final int OVER = 16;
    private static final int ENDED = 32;
    private static final int HELD = 64;

    /** Upstream while the launching thread is in the Mono's code, and there is nothing to cancel yet. */
    private static final Object LAUNCHING = new Object();

    /** Upstream when a cancel came meanwhile, and left it to the launching thread to set OVER. */
    private static final Object LEFT = new Object();

    private static final VarHandle STATE;
    private static final VarHandle VALUE;
    private static final VarHandle EXTRA;
    private static final VarHandle UPSTREAM;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(TaskRun.class, "state", int.class);
            VALUE = lookup.findVarHandle(TaskRun.class, "value", Object.class);
            EXTRA = lookup.findVarHandle(TaskRun.class, "extra", TaskExtra.class);
            UPSTREAM = lookup.findVarHandle(TaskRun.class, "upstream", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final long startNanos;

    /** The Mono until it is run, then its Subscription. */
    private volatile @Nullable Object upstream;

    /** The value or the error. */
    private volatile @Nullable Object value;

    private volatile @Nullable TaskExtra extra;
    private volatile int state;

    // The group's list, under its lock.
    @Nullable
    TaskRun<?> previous;

    @Nullable
    TaskRun<?> next;

    TaskRun(GroupCore group, String name, Mono<T> mono, long startNanos) {
        super(group);
        this.name = Objects.requireNonNull(name);
        this.upstream = mono instanceof Subscription ? mono.hide() : Objects.requireNonNull(mono); // as share() gives
        this.startNanos = startNanos;
    }

    static @Nullable TaskRun<?> in(ContextView context) {
        return context instanceof TaskRun<?> run ? run : (TaskRun<?>) context.getOrDefault(Task.class, null);
    }

    // ---- from WAITING to the verdict ----

    /** The group's side, under its lock: this task has one of its places. */
    void admit() {
        STATE.getAndBitwiseOr(this, ADMITTED);
    }

    boolean isAdmitted() {
        return (state & ADMITTED) != 0;
    }

    /** Launches the task, unless it was cancelled while it waited. */
    @Override
    public void run() {
        int before;
        do {
            before = state;
            if ((before & VERDICT) != WAITING) {
                return;
            }
        } while (!STATE.compareAndSet(this, before, before + RUNNING - WAITING));
        Object mono = upstream;
        if (!(mono instanceof Mono<?>) || !UPSTREAM.compareAndSet(this, mono, LAUNCHING)) {
            return; // cancelled between the two
        }
        if (Hooks.isAutomaticContextPropagationEnabled()) { // this thread may have another task's thread locals
            subscribe(((Mono<?>) mono).contextWrite(UnaryOperator.identity()));
        } else if (mono instanceof Callable<?> immediate) {
            call(immediate);
        } else {
            subscribe((Mono<?>) mono);
        }
        if (!(upstream instanceof Subscription)
                && !UPSTREAM.compareAndSet(this, LAUNCHING, null)
                && UPSTREAM.compareAndSet(this, LEFT, Operators.cancelledSubscription())) {
            over();
        }
    }

    private void call(Callable<?> immediate) {
        try {
            value = immediate.call();
            onComplete();
        } catch (Throwable t) { // an Error too: a group that hears nothing waits for ever
            onError(t);
        }
    }

    boolean isCancelled() {
        return (state & VERDICT) == CANCELLED;
    }

    @SuppressWarnings("unchecked") // the constructor took a Mono of T
    private void subscribe(Mono<?> mono) {
        try {
            ((Mono<T>) mono).subscribe((Subscriber<? super T>) this);
        } catch (Throwable t) { // what Reactor throws on instead of telling it
            onError(t);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        Object before = upstream;
        if (before instanceof Subscription || before == LEFT || !UPSTREAM.compareAndSet(this, before, subscription)) {
            subscription.cancel();
        } else if ((state & VERDICT) == RUNNING) {
            subscription.request(Long.MAX_VALUE);
        } else if (UPSTREAM.compareAndSet(this, subscription, Operators.cancelledSubscription())) {
            subscription.cancel(); // a cancel has decided, and may have looked before it was there
        }
    }

    @Override
    public void onNext(T next) {
        if ((state & VERDICT) != RUNNING || value != null) {
            Operators.onDiscard(next, this);
            return;
        }
        value = next;
        if (isCancelled()) {
            discardValue();
        }
    }

    @Override
    public void onComplete() {
        if (STATE.compareAndSet(this, RUNNING | ADMITTED, SUCCEEDED | ADMITTED | OVER | ENDED)) {
            finish();
        } else if (decide(SUCCEEDED)) {
            over();
        } else if (isCancelled()) {
            discardValue();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (decide(FAILED)) {
            discardValue();
            value = error;
            group.failed(this, error);
            over();
        } else {
            group.failedLate(error);
        }
    }

    @Override
    public boolean cancel(@Nullable String reason) {
        if (isDecided() || !decide(CANCELLED)) {
            return false;
        }
        if (reason != null) {
            extra().reason = reason;
        }
        Object was;
        do {
            was = upstream;
        } while (!UPSTREAM.compareAndSet(this, was, was == LAUNCHING ? LEFT : Operators.cancelledSubscription()));
        try {
            if (was instanceof Subscription subscription) {
                subscription.cancel();
            }
        } finally {
            discardValue();
            if (was != LAUNCHING) {
                over();
            }
        }
        return true;
    }

    private void discardValue() {
        Operators.onDiscard(VALUE.getAndSet(this, null), this);
    }

    private boolean isDecided() {
        return (state & VERDICT) > RUNNING;
    }

    /** True for the one that decides. */
    private boolean decide(int verdict) {
        int before;
        do {
            before = state;
            if ((before & VERDICT) > RUNNING) {
                return false;
            }
        } while (!STATE.compareAndSet(this, before, (before & ~VERDICT) | verdict));
        return true;
    }

    // ---- from the verdict to the end ----

    private void over() {
        int before;
        int after;
        do {
            before = state;
            after = before | OVER | (before < HELD ? ENDED : 0);
        } while (!STATE.compareAndSet(this, before, after));
        if ((after & ENDED) != 0) {
            finish();
        }
    }

    Hold hold() {
        int before;
        do {
            before = state;
            if ((before & ENDED) != 0) {
                return TaskHold.NONE;
            }
        } while (!STATE.compareAndSet(this, before, before + HELD));
        return new TaskHold(this);
    }

    void release() {
        int before;
        int after;
        do {
            before = state;
            after = before - HELD;
            if ((after & OVER) != 0 && after < HELD) {
                after |= ENDED;
            }
        } while (!STATE.compareAndSet(this, before, after));
        if ((after & ENDED) != 0) {
            finish();
        }
    }

    private void finish() {
        UPSTREAM.setRelease(this, Operators.cancelledSubscription()); // a Task that is kept keeps no operators
        TaskExtra told = extra;
        if (TaskTree.isWatched() && !group.isBody(this)) {
            TaskTree.ended(this, known());
        }
        try {
            if (told != null) {
                told.joiners.tellAll();
            }
        } finally {
            group.ended(this);
        }
    }

    // ---- what others see ----

    @Override
    public String name() {
        return name;
    }

    @Override
    public State state() {
        int now = state;
        if ((now & ENDED) != 0) {
            return State.ENDED;
        }
        return switch (now & VERDICT) {
            case WAITING -> State.WAITING;
            case RUNNING -> State.RUNNING;
            default -> State.ENDING;
        };
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(group.clock().nanos() - startNanos);
    }

    @Override
    public Optional<Progress> progress() {
        TaskExtra known = extra;
        return known == null ? Optional.empty() : Optional.ofNullable(known.progress);
    }

    @Override
    public void report(long done, long total) {
        extra().progress = new Progress(done, total);
    }

    @Override
    public Mono<T> join() {
        return Assembly.of(new JoinMono<>(this, true));
    }

    @Override
    public Mono<Void> terminated() {
        return Assembly.of(new JoinMono<>(this, false));
    }

    @Override
    public Optional<Outcome<T>> outcome() {
        return hasEnded() ? Optional.of(known()) : Optional.empty();
    }

    @Override
    public Disposable onDone(Consumer<? super Outcome<T>> callback) {
        return new DoneCallback<>(this, callback).register();
    }

    @Override
    public boolean contains(TaskRun<?> task) {
        for (TaskRun<?> at = task; at != null; at = at.group().parent()) {
            if (at == this) {
                return true;
            }
        }
        return false;
    }

    boolean hasEnded() {
        return (state & ENDED) != 0;
    }

    @Override
    @SuppressWarnings("unchecked") // onNext put a T there
    public Outcome<T> known() {
        Object result = value;
        return switch (state & VERDICT) {
            case SUCCEEDED -> result == null ? new Outcome.Empty<>() : new Outcome.Success<>((T) result);
            case FAILED -> new Outcome.Failure<>((Throwable) Objects.requireNonNull(result));
            case CANCELLED -> new Outcome.Cancelled<>(reason());
            default -> throw new IllegalStateException("task '" + name + "' has not ended");
        };
    }

    @Nullable
    String reason() {
        TaskExtra known = extra;
        return known == null ? null : known.reason;
    }

    @Override
    public void add(Joiner joiner) {
        Joiners joiners = extra().joiners;
        joiners.add(joiner);
        if (hasEnded() && joiners.remove(joiner)) { // it ended before it could see the joiner
            Trampoline.run(joiner);
        }
    }

    @Override
    public void remove(Joiner joiner) {
        TaskExtra known = extra;
        if (known != null) {
            known.joiners.remove(joiner);
        }
    }

    /** Whether anybody will hear how it ended. */
    boolean isAwaited() {
        TaskExtra known = extra;
        return known != null && !known.joiners.isEmpty();
    }

    TaskExtra extra() {
        TaskExtra known = extra;
        if (known == null) {
            TaskExtra fresh = new TaskExtra();
            known = EXTRA.compareAndSet(this, null, fresh) ? fresh : Objects.requireNonNull(extra);
        }
        return known;
    }

    @Nullable
    TaskExtra extraIfAny() {
        return extra;
    }

    @Override
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream instanceof Subscription ? upstream : null;
        }
        if (key == Attr.TERMINATED) {
            return (state & VERDICT) == SUCCEEDED || (state & VERDICT) == FAILED;
        }
        if (key == Attr.CANCELLED) {
            return isCancelled();
        }
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String toString() {
        return "Task[" + name + ", " + state() + "]";
    }

    @Override
    public Context currentContext() {
        return this;
    }
}
