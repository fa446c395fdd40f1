package io.weir.core.task;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link Gather#asCompleted}: a stack of what has ended, and one loop that starts and emits. */
final class GatherFlux<T> extends Flux<Completion<T>> {
    private final Iterable<? extends Mono<? extends T>> sources;
    private final int concurrency;

    GatherFlux(Iterable<? extends Mono<? extends T>> sources, int concurrency) {
        this.sources = Objects.requireNonNull(sources);
        this.concurrency = Gather.requirePositive(concurrency);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Completion<T>> subscriber) {
        subscriber.onSubscribe(new Run<>(this, subscriber));
    }

    /** A source from its start until its completion is emitted. */
    private static final class Flight extends GatherSource {
        private final int index;
        private int place = -1; // in flying
        private @Nullable Flight next; // in the stack, then in the line

        Flight(Run<?> run, int index, Thread starting) {
            super(run, starting);
            this.index = index;
        }
    }

    /**
     * One run.
     *
     * <p><b>State.</b> {@code flying} holds, densely, the sources that were subscribed and whose completion is not emitted;
     * {@code inFlight} counts them and the completions that wait without a subscription. What has ended is pushed on the stack
     * {@code ended}; the loop turns it round into {@code line}, in which the oldest is first.
     *
     * <p><b>Writers.</b> All but the stack, {@code requested} and the phase is the loop's. One thread at a time is in it: the one that
     * raised {@code wip} from zero. So it is the loop that iterates, starts, emits, and discards what an early end leaves.
     *
     * <p><b>Cancel.</b> A cancel must reach the sources while the loop is busy, say in a subscriber's code. It reads {@code flying} from the
     * end to the start; the loop fills a gap from the end, so what moves meanwhile is seen at least once. What is started after the
     * cancel sees it by itself ({@link GatherSource}).
     *
     * <p><b>Loss.</b> A completion that is in the stack or the line is the loop's, to emit or to discard.
     *
     * <p><b>Proof.</b> AsCompletedEndRequestRace, AsCompletedEndCancelRace, AsCompletedRequestCancelRace.
     */
    private static final class Run<T> extends Gathering<Completion<T>> {
        private static final VarHandle FLYING = MethodHandles.arrayElementVarHandle(Flight[].class);
        private static final VarHandle ENDED;
        private static final VarHandle REQUESTED;
        private static final VarHandle WIP;

        static {
            try {
                MethodHandles.Lookup lookup = MethodHandles.lookup();
                ENDED = lookup.findVarHandle(Run.class, "ended", Flight.class);
                REQUESTED = lookup.findVarHandle(Run.class, "requested", long.class);
                WIP = lookup.findVarHandle(Run.class, "wip", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final GatherFlux<T> how;
        private @Nullable Iterator<? extends Mono<?>> iterator;
        private boolean more = true;
        private int index;
        private int inFlight;
        private volatile @Nullable Flight[] flying;
        private int flights;
        private volatile @Nullable Flight ended;
        private @Nullable Flight line;
        private volatile long requested;
        private long emitted; // racy where it is scanned
        private volatile int wip;

        Run(GatherFlux<T> how, CoreSubscriber<? super Completion<T>> subscriber) {
            super(subscriber);
            this.how = how;
            this.flying = new Flight[Math.min(8, how.concurrency)];
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                long before;
                do {
                    before = requested;
                } while (!REQUESTED.compareAndSet(this, before, Operators.addCap(before, n)));
                move(Phase.NEW, Phase.RUNNING);
                proceed();
            }
        }

        @Override
        public void cancel() {
            if (!move(Phase.NEW, Phase.CANCELLED) && move(Phase.RUNNING, Phase.CANCELLED)) {
                @Nullable Flight[] all = flying;
                for (int i = all.length - 1; i >= 0; i--) {
                    Flight flight = (Flight) FLYING.getAcquire(all, i);
                    if (flight != null) {
                        flight.cancel();
                    }
                }
                proceed();
            }
        }

        @Override
        boolean failed(Throwable error) {
            if (!isAbandoned()) {
                return false;
            }
            Operators.onErrorDropped(error, currentContext());
            return true;
        }

        @Override
        void ended(GatherSource source) {
            push((Flight) source);
            proceed();
        }

        private void push(Flight flight) {
            Flight top;
            do {
                top = ended;
                flight.next = top;
            } while (!ENDED.compareAndSet(this, top, flight));
        }

        private void proceed() {
            if ((int) WIP.getAndAdd(this, 1) != 0) {
                return;
            }
            int missed = 1;
            do {
                try {
                    loop();
                } catch (Throwable t) { // a subscriber that breaks its contract gets no more
                    cancel();
                    clear();
                    throw t;
                }
                missed = (int) WIP.getAndAdd(this, -missed) - missed;
            } while (missed != 0);
        }

        /** Starts one, emits one, until neither is possible. The one starts first, so that a slow subscriber keeps no room empty. */
        private void loop() {
            while (isRunning()) {
                Flight next = emitted < requested ? next() : null;
                if (next != null) {
                    land(next);
                }
                boolean starts = more && inFlight < how.concurrency;
                if (starts) {
                    start(next == null);
                }
                if (next != null) {
                    emit(next);
                } else if (!starts) {
                    if (!more && inFlight == 0 && move(Phase.RUNNING, Phase.DONE)) {
                        subscriber.onComplete();
                    }
                    return;
                }
            }
            if (isAbandoned()) {
                clear();
            }
        }

        /** The oldest of what has ended, taken out of the line. */
        private @Nullable Flight next() {
            if (line == null && ended != null) {
                Flight newest = (Flight) ENDED.getAndSet(this, null);
                while (newest != null) {
                    Flight older = newest.next;
                    newest.next = line;
                    line = newest;
                    newest = older;
                }
            }
            Flight oldest = line;
            if (oldest != null) {
                line = oldest.next;
                oldest.next = null;
            }
            return oldest;
        }

        /** Starts one source, if there is one more. */
        private void start(boolean mayEmit) {
            Mono<?> mono;
            try {
                if (iterator == null) {
                    iterator = how.sources.iterator();
                }
                if (!iterator.hasNext()) {
                    more = false;
                    return;
                }
                mono = Objects.requireNonNull(iterator.next(), "a source is null");
            } catch (Throwable t) {
                broken(thrown(t));
                return;
            }
            int number = index++;
            if (isImmediate(mono)) {
                Object value = call(mono);
                if (value instanceof Failed failed && failed(failed.error())) {
                    return;
                }
                if (mayEmit && mayEmit()) {
                    emit(number, value);
                } else {
                    Flight flight = new Flight(this, number, Thread.currentThread());
                    flight.setValue(value);
                    inFlight++;
                    push(flight);
                }
                return;
            }
            Flight flight = new Flight(this, number, Thread.currentThread());
            board(flight);
            if (!subscribe(mono, flight)) {
                flight.started();
            } else if (mayEmit && mayEmit()) {
                land(flight);
                emit(flight);
            } else {
                push(flight);
            }
        }

        /** Whether what ended just now may be emitted just now. */
        private boolean mayEmit() {
            return emitted < requested && line == null && ended == null && isRunning();
        }

        private void board(Flight flight) {
            @Nullable Flight[] all = flying;
            if (flights == all.length) {
                all = Arrays.copyOf(all, (int) Math.min(how.concurrency, 2L * all.length));
                flying = all;
            }
            flight.place = flights;
            FLYING.setRelease(all, flights++, flight);
            inFlight++;
        }

        private void land(Flight flight) {
            inFlight--;
            int place = flight.place;
            if (place >= 0) {
                @Nullable Flight[] all = flying;
                Flight last = Objects.requireNonNull(all[--flights]);
                last.place = place;
                FLYING.setRelease(all, place, last);
                FLYING.setRelease(all, flights, null);
            }
        }

        private void emit(Flight flight) {
            Object value = flight.takeValue();
            if (isRunning()) {
                emit(flight.index, value);
            } else {
                discard(value);
            }
        }

        @SuppressWarnings("unchecked") // the sources are of T
        private void emit(int index, @Nullable Object value) {
            emitted++;
            subscriber.onNext(new Completion<>(index, (Outcome<T>) Gather.outcome(value)));
        }

        private void broken(Throwable error) {
            if (move(Phase.RUNNING, Phase.FAILED)) {
                clear();
                subscriber.onError(error);
            } else {
                Operators.onErrorDropped(error, currentContext());
            }
        }

        /** Ends what was not emitted when nobody wants it any more. */
        private void clear() {
            @Nullable Flight[] all = flying;
            while (flights > 0) {
                Flight flight = Objects.requireNonNull(all[--flights]);
                FLYING.setRelease(all, flights, null);
                flight.abandon();
            }
            for (Flight flight = next(); flight != null; flight = next()) {
                discard(flight.takeValue());
            }
        }

        @Override
        public Stream<? extends Scannable> inners() {
            return Gathering.inners(flying.clone());
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            return key == Attr.REQUESTED_FROM_DOWNSTREAM ? requested - emitted : super.scanUnsafe(key);
        }
    }
}
