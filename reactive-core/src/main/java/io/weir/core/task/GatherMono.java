package io.weir.core.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** The forms of {@link Gather} that wait: an array of slots, a counter of what has not ended, and what ends it early. */
final class GatherMono<R> extends Mono<R> {
    /** What ends a gathering before all its sources have. */
    enum EndsOn {
        ERROR,
        VALUE,
        NOTHING
    }

    /** Makes the result, once all have ended. */
    interface Verdict {
        /**
         * The value to emit, null to complete without one, or {@link Gathering.Failed}.
         *
         * @param slots for each source its value, null, or {@link Gathering.Failed}
         */
        @Nullable
        Object of(@Nullable Object[] slots);
    }

    private final Iterable<? extends Mono<?>> sources;
    private final int concurrency;
    private final EndsOn endsOn;
    private final Verdict verdict;

    GatherMono(Iterable<? extends Mono<?>> sources, int concurrency, EndsOn endsOn, Verdict verdict) {
        this.sources = Objects.requireNonNull(sources);
        this.concurrency = Gather.requirePositive(concurrency);
        this.endsOn = endsOn;
        this.verdict = verdict;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> subscriber) {
        Object[] monos;
        try {
            monos = copy();
        } catch (Throwable t) {
            Operators.error(subscriber, Operators.onOperatorError(t, subscriber.currentContext()));
            return;
        }
        subscriber.onSubscribe(new Run<>(this, monos, subscriber));
    }

    private Object[] copy() {
        Object[] monos;
        if (sources instanceof Collection<?> collection) {
            monos = collection.toArray();
        } else {
            List<Object> list = new ArrayList<>();
            sources.forEach(list::add);
            monos = list.toArray();
        }
        for (Object mono : monos) {
            Objects.requireNonNull(mono, "a source is null");
        }
        return monos;
    }

    /**
     * How many have not ended: an object of its own, and longer than it need be, so that the threads on which sources end, which all
     * lower it, do not take from the thread that starts them the cache line with what that one reads for each.
     */
    private static final class Left extends AtomicInteger {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("unused") // the padding
        private long a, b, c, d, e, f;

        Left(int left) {
            super(left);
        }
    }

    /**
     * One run.
     *
     * <p><b>State.</b> A slot is null, then the {@link GatherSource} that runs and later holds its value, or the value itself where the
     * source ended at once. {@code left} counts the sources that have not ended, and one for the starting that goes on.
     *
     * <p><b>Writers.</b> A slot is written by the thread that starts sources. Who ends the gathering early takes everything out;
     * the starting thread does it once more for what it has written, because it may have written after that.
     *
     * <p><b>Publication.</b> Values are written before {@code left} is lowered, and read by who lowers it to zero.
     *
     * <p><b>Callbacks.</b> One thread at a time starts sources: the one that raised {@code wip} from zero. Sources that end at once
     * are counted by its loop, so a million of them need no stack and one atomic step.
     *
     * <p><b>Loss.</b> Whoever takes a value out of a slot or a source, atomically, discards it or tells it.
     *
     * <p><b>Proof.</b> TwoFailuresRace, LastEndCancelRace, TwoLastEndsRace, StartCancelRace, TwoSuccessesRace, SuccessCancelRace.
     */
    private static final class Run<R> extends Gathering<R> {
        private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
        private static final VarHandle WIP;
        private static final VarHandle FAILURE;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                WIP = lookup.findVarHandle(Run.class, "wip", int.class);
                FAILURE = lookup.findVarHandle(Run.class, "failure", Throwable.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final GatherMono<R> how;
        private final Object[] monos;
        private final @Nullable Object[] slots;
        private final Left left;
        private volatile @Nullable Throwable failure;
        private volatile int wip;
        private int started; // by the starting thread only
        private boolean starting = true; // by the starting thread only

        Run(GatherMono<R> how, Object[] monos, CoreSubscriber<? super R> subscriber) {
            super(subscriber);
            this.how = how;
            this.monos = monos;
            this.slots = new Object[monos.length];
            this.left = new Left(monos.length + 1);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && move(Phase.NEW, Phase.RUNNING)) {
                proceed();
            }
        }

        @Override
        public void cancel() {
            if (!move(Phase.NEW, Phase.CANCELLED) && move(Phase.RUNNING, Phase.CANCELLED)) {
                abandon(0, slots.length);
            }
        }

        /** Starts what may be started. */
        private void proceed() {
            if ((int) WIP.getAndAdd(this, 1) != 0) {
                return;
            }
            Thread thread = Thread.currentThread();
            boolean bounded = isBounded();
            int first = started;
            int end = first;
            int missed = 1;
            do {
                int ended = 0;
                while (end < slots.length && isRunning() && (!bounded || hasRoom(end, ended))) {
                    int index = end++;
                    if (bounded) {
                        started = end; // a source that ends looks at it
                    }
                    if (start(index, thread)) {
                        ended++;
                    }
                }
                started = end;
                if (starting && end == slots.length) {
                    starting = false;
                    ended++;
                }
                if (ended > 0 && left.getAndAdd(-ended) == ended) {
                    finish();
                }
                missed = (int) WIP.getAndAdd(this, -missed) - missed;
            } while (missed != 0);
            if (end > first && isAbandoned()) {
                abandon(first, end);
            }
        }

        private boolean isBounded() {
            return how.concurrency < slots.length;
        }

        /** Whether one more may run when so many have started, and {@code ended} of those that {@code left} counts have ended too. */
        private boolean hasRoom(int started, int ended) {
            return started - (slots.length + 1 - left.get()) - ended < how.concurrency;
        }

        /** Starts one source; true if it has ended at once. */
        private boolean start(int index, Thread thread) {
            Mono<?> mono = (Mono<?>) monos[index];
            Object value;
            if (isImmediate(mono)) {
                value = call(mono);
                if (value instanceof Failed failed && failed(failed.error())) {
                    return false;
                }
            } else {
                GatherSource source = new GatherSource(this, thread);
                slots[index] = source;
                if (!subscribe(mono, source)) {
                    source.started();
                    return false;
                }
                value = source.value();
            }
            if (endsWith(value)) {
                slots[index] = null;
                win(value);
            } else {
                slots[index] = value;
            }
            return true;
        }

        @Override
        void ended(GatherSource source) {
            if (endsWith(source.value())) {
                win(source.takeValue());
            } else if (left.getAndAdd(-1) == 1) {
                finish();
            } else if (isBounded() && started < slots.length && !isAbandoned()) {
                proceed();
            }
        }

        private boolean endsWith(@Nullable Object value) {
            return how.endsOn == EndsOn.VALUE && value != null && !(value instanceof Failed);
        }

        @SuppressWarnings("unchecked") // the sources are of R where a value ends it
        private void win(@Nullable Object value) {
            if (value == null) {
                return; // who abandoned it has taken it
            }
            if (move(Phase.RUNNING, Phase.WON)) {
                abandon(0, slots.length);
                subscriber.onNext((R) value);
                subscriber.onComplete();
            } else {
                discard(value);
            }
        }

        @Override
        boolean failed(Throwable error) {
            if (phase() == Phase.CANCELLED) {
                Operators.onErrorDropped(error, currentContext());
                return true;
            }
            if (how.endsOn != EndsOn.ERROR) {
                return isAbandoned(); // a loser's error
            }
            if (FAILURE.compareAndSet(this, null, error)) {
                if (move(Phase.RUNNING, Phase.FAILED)) {
                    abandon(0, slots.length);
                    subscriber.onError(error);
                } else {
                    Operators.onErrorDropped(error, currentContext());
                }
            } else {
                Throwable told = Objects.requireNonNull(failure);
                if (told != error) {
                    told.addSuppressed(error);
                }
            }
            return true;
        }

        @SuppressWarnings("unchecked") // the verdict makes an R, or nothing, or an error
        private void finish() {
            if (!move(Phase.RUNNING, Phase.DONE)) {
                return;
            }
            for (int i = 0; i < slots.length; i++) {
                if (slots[i] instanceof GatherSource source) {
                    slots[i] = source.value();
                }
            }
            Object result;
            try {
                result = how.verdict.of(slots);
            } catch (Throwable t) {
                for (Object value : slots) {
                    discard(value);
                }
                result = new Failed(thrown(t));
            }
            if (result instanceof Failed failed) {
                subscriber.onError(failed.error());
                return;
            }
            if (result != null) {
                subscriber.onNext((R) result);
            }
            subscriber.onComplete();
        }

        private void abandon(int from, int to) {
            for (int i = from; i < to; i++) {
                Object there = slots[i] == null ? null : SLOT.getAndSet(slots, i, null);
                if (there instanceof GatherSource source) {
                    source.abandon();
                } else {
                    discard(there);
                }
            }
        }

        @Override
        public Stream<? extends Scannable> inners() {
            return Gathering.inners(slots);
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.BUFFERED ? Math.max(0, slots.length - left.get()) : super.scanUnsafe(key);
        }
    }
}
