package io.weir.http;

import io.weir.core.task.Outcome;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/** {@link FetchClient#fetchAll}: a line for each host, and one loop that takes them in turn. */
final class FetchAll<T> extends Flux<FetchOutcome<T>> {
    private final Publisher<? extends T> inputs;
    private final Function<? super T, FetchRequest> requests;
    private final Function<FetchRequest, ? extends Publisher<FetchResponse>> fetch;
    private final FetchAllOptions options;
    private final int concurrency;
    private final int perHost;

    private FetchAll(
            Publisher<? extends T> inputs,
            Function<? super T, FetchRequest> requests,
            Function<FetchRequest, ? extends Publisher<FetchResponse>> fetch,
            FetchAllOptions options,
            Limits limits) {
        this.inputs = Objects.requireNonNull(inputs, "inputs");
        this.requests = Objects.requireNonNull(requests, "requests");
        this.fetch = fetch;
        this.options = options;
        this.concurrency = options.concurrencyOr(limits.maxInFlight());
        this.perHost = options.perHostOr(limits.maxPerHost());
    }

    static <T> Flux<FetchOutcome<T>> of(
            Publisher<? extends T> inputs,
            Function<? super T, FetchRequest> requests,
            Function<FetchRequest, ? extends Publisher<FetchResponse>> fetch,
            FetchAllOptions options,
            Limits limits) {
        return onAssembly(new FetchAll<>(inputs, requests, fetch, options, limits));
    }

    @Override
    public void subscribe(CoreSubscriber<? super FetchOutcome<T>> subscriber) {
        inputs.subscribe(new Run<>(this, subscriber));
    }

    /** The inputs of one host that wait, and how many of it run. Either is above zero, or the host is forgotten. */
    private static final class Line<T> {
        final String host;
        final Queue<Item<T>> waiting = new ArrayDeque<>(2);
        int running;
        boolean inTurn;

        Line(String host) {
            this.host = host;
        }
    }

    /** One input, from when it arrives until its outcome is emitted. */
    private static final class Item<T> extends Operators.DeferredSubscription implements CoreSubscriber<FetchResponse> {
        final T input;
        private final Run<T> run;
        long index;

        @Nullable
        FetchRequest request;

        @Nullable
        Line<T> line;

        boolean discarded;
        volatile @Nullable Outcome<FetchResponse> outcome;

        Item(Run<T> run, T input) {
            this.run = run;
            this.input = input;
        }

        FetchOutcome<T> told() {
            return new FetchOutcome<>(index, input, Objects.requireNonNull(outcome));
        }

        private void end(Outcome<FetchResponse> how) {
            if (outcome == null) {
                outcome = how;
                run.ended(this);
            } else if (how instanceof Outcome.Failure<FetchResponse> failure) {
                Operators.onErrorDropped(failure.error(), currentContext());
            }
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (set(s)) {
                s.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(FetchResponse response) {
            end(new Outcome.Success<>(response));
        }

        @Override
        public void onError(Throwable error) {
            end(new Outcome.Failure<>(error));
        }

        @Override
        public void onComplete() {
            if (outcome == null) {
                end(new Outcome.Empty<>());
            }
        }

        @Override
        public Context currentContext() {
            return run.currentContext();
        }
    }

    /**
     * One run.
     *
     * <p><b>State.</b> {@code news}: items that have arrived, or whose fetch has ended. All else but {@code flying}, {@code requested} and the flags is the loop's.
     * An item is in its host's line, then {@code flying}, then in {@code done} (or, in order, at its place in {@code order}), and is then
     * emitted. {@code held} counts them all, and what is requested of the source is never more than the look-ahead leaves.
     *
     * <p><b>Writers.</b> One thread at a time is in the loop: the one that raised {@code wip} from zero.
     *
     * <p><b>Invariant.</b> A host is in {@code turns} where it has somebody waiting and less than {@code perHost} running, once. So the next
     * fetch is one of the host whose turn it is, and a host that is slow, or a long run of one host, holds nothing but its own {@code perHost} fetches and its place in the look-ahead.
     *
     * <p><b>Cancel</b> must reach what runs while the loop is busy: it sets its flag, and cancels all that is in {@code flying}; who adds to that looks at
     * the flag afterwards. <b>Loss.</b> After a cancel the loop discards inputs and outcomes. <b>Proof.</b> {@code FetchAllTest}, {@code CancelTest}.
     */
    private static final class Run<T> implements CoreSubscriber<T>, Subscription, Scannable {
        private final FetchAll<T> how;
        private final CoreSubscriber<? super FetchOutcome<T>> subscriber;
        private final Queue<Item<T>> news =
                Queues.<Item<T>>unboundedMultiproducer().get();
        private final Set<Item<T>> flying = ConcurrentHashMap.newKeySet();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicInteger wip = new AtomicInteger();
        private volatile @Nullable Subscription source;
        private volatile boolean cancelled;
        private volatile boolean sourceEnded;
        private volatile boolean terminated;
        private @Nullable Throwable sourceError; // before sourceEnded

        // The loop's.
        private final Map<String, Line<T>> lines = new HashMap<>();
        private final Queue<Line<T>> turns = new ArrayDeque<>();
        private final ArrayDeque<Item<T>> order = new ArrayDeque<>();
        private final ArrayDeque<Item<T>> done = new ArrayDeque<>();
        private boolean asked;
        private long arrived;
        private long emitted;
        private int running;
        private int held; // racy where it is scanned
        private int owed;

        Run(FetchAll<T> how, CoreSubscriber<? super FetchOutcome<T>> subscriber) {
            this.how = how;
            this.subscriber = subscriber;
        }

        // ---- the subscriber's side ----

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                requested.updateAndGet(before -> Operators.addCap(before, n));
                proceed();
            }
        }

        @Override
        public void cancel() {
            if (!cancelled) {
                cancelled = true;
                Subscription s = source;
                if (s != null) {
                    s.cancel();
                }
                flying.forEach(Item::cancel);
                proceed();
            }
        }

        // ---- the source's side ----

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(source, s)) {
                source = s;
                subscriber.onSubscribe(this);
            }
        }

        @Override
        public void onNext(T input) {
            if (sourceEnded) {
                Operators.onNextDropped(input, currentContext());
                return;
            }
            news.offer(new Item<>(this, input));
            proceed();
        }

        @Override
        public void onError(Throwable error) {
            if (sourceEnded || cancelled) {
                Operators.onErrorDropped(error, currentContext());
                return;
            }
            sourceError = error;
            sourceEnded = true;
            proceed();
        }

        @Override
        public void onComplete() {
            sourceEnded = true;
            proceed();
        }

        // ---- the fetches' side ----

        void ended(Item<T> item) {
            news.offer(item);
            proceed();
        }

        // ---- the loop ----

        private void proceed() {
            if (wip.getAndIncrement() != 0) {
                return;
            }
            int missed = 1;
            do {
                loop();
                missed = wip.addAndGet(-missed);
            } while (missed != 0);
        }

        private void loop() {
            if (!asked && requested.get() > 0 && !cancelled) {
                asked = true;
                Objects.requireNonNull(source).request(how.options.lookAhead());
            }
            boolean over = sourceEnded; // read before the news, so that none of it is missed
            boolean busy = true;
            while (busy && !cancelled && !terminated) {
                hear();
                busy = start();
                busy |= emit();
            }
            if (cancelled) {
                clear();
            } else if (over && held == 0 && news.isEmpty() && !terminated) {
                terminated = true;
                Throwable error = sourceError;
                if (error == null) {
                    subscriber.onComplete();
                } else {
                    subscriber.onError(error);
                }
            }
        }

        private void hear() {
            Item<T> item = news.poll();
            while (item != null) {
                if (item.outcome == null) {
                    arrive(item);
                } else {
                    land(item);
                }
                item = news.poll();
            }
        }

        private void arrive(Item<T> item) {
            item.index = arrived++;
            held++;
            if (how.options.isInOrder()) {
                order.add(item);
            }
            try {
                FetchRequest request = Objects.requireNonNull(how.requests.apply(item.input), "no request");
                item.request = request;
                Line<T> line = lines.computeIfAbsent(request.target().hostAndPort(), Line::new);
                item.line = line;
                line.waiting.add(item);
                takeTurn(line);
            } catch (Throwable t) {
                Exceptions.throwIfFatal(t);
                item.outcome = new Outcome.Failure<>(t);
                finish(item);
            }
        }

        private void land(Item<T> item) {
            flying.remove(item);
            running--;
            Line<T> line = Objects.requireNonNull(item.line);
            line.running--;
            takeTurn(line);
            if (line.running == 0 && line.waiting.isEmpty()) {
                lines.remove(line.host);
            }
            finish(item);
        }

        private void finish(Item<T> item) {
            if (!how.options.isInOrder()) {
                done.add(item);
            }
        }

        private void takeTurn(Line<T> line) {
            if (!line.inTurn && !line.waiting.isEmpty() && line.running < how.perHost) {
                line.inTurn = true;
                turns.add(line);
            }
        }

        /** Starts one fetch, of the host whose turn it is; false where none may. What is done and not emitted counts too, as it is in memory. */
        private boolean start() {
            if (running + done.size() >= how.concurrency) {
                return false;
            }
            Line<T> line = turns.poll();
            if (line == null) {
                return false;
            }
            line.inTurn = false;
            line.running++;
            running++;
            Item<T> item = Objects.requireNonNull(line.waiting.poll());
            takeTurn(line);
            flying.add(item);
            if (cancelled) {
                item.cancel();
            }
            how.fetch.apply(Objects.requireNonNull(item.request)).subscribe(item);
            return true;
        }

        /** Emits one outcome; false where there is none, or no demand. */
        private boolean emit() {
            if (emitted == requested.get()) {
                return false;
            }
            Item<T> item = how.options.isInOrder() ? order.peek() : done.peek();
            if (item == null || item.outcome == null || (how.options.isInOrder() && flying.contains(item))) {
                return false; // a fetch that has ended is heard of before it is emitted
            }
            (how.options.isInOrder() ? order : done).poll();
            emitted++;
            held--;
            owed++;
            subscriber.onNext(item.told());
            if (owed >= Math.max(1, how.options.lookAhead() / 4) && !sourceEnded) {
                int more = owed;
                owed = 0;
                Objects.requireNonNull(source).request(more);
            }
            return true;
        }

        private void clear() {
            Item<T> item = news.poll();
            while (item != null) {
                discard(item);
                item = news.poll();
            }
            lines.values().forEach(line -> line.waiting.forEach(this::discard));
            lines.clear();
            turns.clear();
            done.forEach(this::discard);
            done.clear();
            order.stream().filter(waiting -> waiting.outcome != null).forEach(this::discard);
            order.clear();
            flying.clear();
            held = 0;
        }

        private void discard(Item<T> item) {
            if (item.discarded) {
                return; // it stands in its place in the order, and its end in the news
            }
            item.discarded = true;
            Operators.onDiscard(item.outcome == null ? item.input : item.told(), currentContext());
        }

        @Override
        public Context currentContext() {
            return subscriber.currentContext();
        }

        @Override
        public Stream<? extends Scannable> inners() {
            return flying.stream().map(Scannable::from);
        }

        @Override
        @SuppressWarnings("rawtypes") // as Reactor declares it
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) {
                return source;
            }
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.NAME) {
                return "fetchAll (" + flying.size() + " in flight, " + held + " held)";
            }
            if (key == Attr.BUFFERED) {
                return held;
            }
            if (key == Attr.PREFETCH) {
                return how.options.lookAhead();
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested.get() - emitted;
            }
            if (key == Attr.TERMINATED) {
                return terminated;
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            if (key == Attr.ERROR) {
                return sourceError;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
