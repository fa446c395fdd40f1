package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Every construct with every source, at every moment of a cancel: what comes out, generated and not sampled.
 *
 * <p>A row is a construct around one source. What it must tell is written as {@code v|} for an element and completion, {@code |} for
 * completion alone, {@code !boom} for an error, and nothing for nothing. Beside that each cell checks what holds for all rows: the
 * source is subscribed once, or not at all when the cancel came first; it is cancelled when it must be and only then; it sees the
 * Context; its value is told or discarded, once; an error that nobody can be told is dropped by the hook.
 */
final class Matrix {
    /** What the source does. */
    enum Gives {
        VALUE,
        EMPTY,
        ERROR,
        NOTHING,
        THROWS_ON_SUBSCRIBE
    }

    /** When it does that: by a call, in its subscription, or later on another thread. */
    enum When {
        BY_CALL,
        AT_ONCE,
        ON_ANOTHER_THREAD
    }

    /** When the subscriber cancels. During: the source has started, and goes on to give what it gives. */
    enum Cancel {
        NEVER,
        BEFORE,
        DURING,
        AFTER
    }

    /** A construct, and what it must tell. */
    record Row(
            String name,
            Function<Mono<String>, ? extends Publisher<?>> construct,
            String onValue,
            String onEmpty,
            String onError,
            boolean cancelReachesSource) {
        /** The same for a construct that keeps a cancel from the source. */
        Row shielded() {
            return new Row(name, construct, onValue, onEmpty, onError, false);
        }

        String expected(Gives gives) {
            return switch (gives) {
                case VALUE -> onValue;
                case EMPTY -> onEmpty;
                case ERROR, THROWS_ON_SUBSCRIBE -> onError;
                case NOTHING -> "";
            };
        }
    }

    private Matrix() {}

    /** A construct, and what it tells when the source has a value, is empty, or fails. */
    static Row row(
            String name,
            Function<Mono<String>, ? extends Publisher<?>> construct,
            String onValue,
            String onEmpty,
            String onError) {
        return new Row(name, construct, onValue, onEmpty, onError, true);
    }

    static Stream<DynamicNode> of(Row... rows) {
        return Arrays.stream(rows).map(row -> DynamicContainer.dynamicContainer(row.name(), cells(row)));
    }

    private static Stream<DynamicNode> cells(Row row) {
        List<DynamicNode> cells = new ArrayList<>();
        for (Gives gives : Gives.values()) {
            for (When when : When.values()) {
                for (Cancel cancel : Cancel.values()) {
                    if (makesSense(gives, when, cancel)) {
                        String name = gives + " " + when + ", cancelled " + cancel;
                        cells.add(DynamicTest.dynamicTest(name, () -> new Cell(row, gives, when, cancel).check()));
                    }
                }
            }
        }
        return cells.stream();
    }

    private static boolean makesSense(Gives gives, When when, Cancel cancel) {
        return switch (gives) {
            case VALUE, EMPTY, ERROR -> true;
            case NOTHING -> when == When.AT_ONCE && cancel != Cancel.AFTER;
            case THROWS_ON_SUBSCRIBE -> when == When.AT_ONCE && cancel != Cancel.DURING;
        };
    }

    /** One run. */
    private static final class Cell {
        private final Row row;
        private final Gives gives;
        private final When when;
        private final Cancel cancel;
        private final IllegalStateException boom = new IllegalStateException("boom");
        private final StringBuilder heard = new StringBuilder();
        private final List<Object> discarded = Collections.synchronizedList(new ArrayList<>());
        private final List<Throwable> dropped = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger subscribed = new AtomicInteger();
        private final AtomicInteger cancelled = new AtomicInteger();
        private final List<String> contexts = Collections.synchronizedList(new ArrayList<>());
        private volatile CoreSubscriber<? super String> source;
        private volatile Subscription subscription;

        Cell(Row row, Gives gives, When when, Cancel cancel) {
            this.row = row;
            this.gives = gives;
            this.when = when;
            this.cancel = cancel;
        }

        void check() throws InterruptedException {
            row.construct()
                    .apply(when == When.BY_CALL ? new ByCall() : new Subscribed())
                    .subscribe(new Listener());
            if (when == When.ON_ANOTHER_THREAD && source != null) {
                if (cancel == Cancel.DURING) {
                    subscription.cancel();
                }
                Thread other = new Thread(this::signal);
                other.start();
                other.join();
            }
            if (cancel == Cancel.AFTER || (gives == Gives.NOTHING && cancel == Cancel.DURING)) {
                subscription.cancel();
            }
            boolean told = cancel == Cancel.NEVER || cancel == Cancel.AFTER;
            boolean ended = told && row.expected(gives).matches(".*\\||!.*");
            assertThat(heard).as("told").hasToString(told ? row.expected(gives) : "");
            assertThat(subscribed).as("subscriptions").hasValue(cancel == Cancel.BEFORE ? 0 : 1);
            if (cancel == Cancel.DURING && when != When.BY_CALL) {
                assertThat(cancelled).as("cancels").hasValue(row.cancelReachesSource() ? 1 : 0);
            } else if (ended) {
                assertThat(cancelled).as("cancels").hasValue(0);
            }
            if (when != When.BY_CALL && cancel != Cancel.BEFORE) {
                assertThat(contexts).as("context").containsExactly("me");
            }
            boolean lost = cancel == Cancel.DURING;
            boolean kept = cancel == Cancel.AFTER && row.expected(gives).isEmpty();
            assertThat(Collections.frequency(discarded, "v"))
                    .as("discarded")
                    .isEqualTo((lost || kept) && gives == Gives.VALUE ? 1 : 0);
            assertThat(dropped).as("dropped").hasSize(lost && gives == Gives.ERROR ? 1 : 0);
        }

        private void signal() {
            if (gives == Gives.VALUE) {
                source.onNext("v");
            }
            if (gives == Gives.ERROR) {
                source.onError(boom);
            } else {
                source.onComplete();
            }
        }

        private void cancelNow() {
            if (cancel == Cancel.DURING) {
                subscription.cancel();
            }
        }

        /** A source that must be subscribed. It does not heed a cancel, but counts it. */
        private final class Subscribed extends Mono<String> implements Subscription {
            @Override
            public void subscribe(CoreSubscriber<? super String> subscriber) {
                subscribed.incrementAndGet();
                contexts.add(subscriber.currentContext().getOrDefault("who", "nobody"));
                if (gives == Gives.THROWS_ON_SUBSCRIBE) {
                    throw boom;
                }
                source = subscriber;
                subscriber.onSubscribe(this);
            }

            @Override
            public void request(long n) {
                if (when == When.AT_ONCE && gives != Gives.NOTHING) {
                    cancelNow();
                    signal();
                }
            }

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        }

        /** A source that is there when it is called. */
        private final class ByCall extends Mono<String> implements Callable<String> {
            @Override
            public String call() {
                subscribed.incrementAndGet();
                cancelNow();
                if (gives == Gives.ERROR) {
                    throw boom;
                }
                return gives == Gives.VALUE ? "v" : null;
            }

            @Override
            public void subscribe(CoreSubscriber<? super String> subscriber) {
                Mono.fromCallable(this).subscribe(subscriber);
            }
        }

        private final class Listener implements CoreSubscriber<Object> {
            private final Context context;

            Listener() {
                Consumer<Throwable> drop = dropped::add;
                context = Operators.enableOnDiscard(Context.of("who", "me"), discarded::add)
                        .put("reactor.onErrorDropped.local", drop);
            }

            @Override
            public Context currentContext() {
                return context;
            }

            @Override
            public void onSubscribe(Subscription s) {
                subscription = s;
                if (cancel == Cancel.BEFORE) {
                    s.cancel();
                }
                s.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Object value) {
                heard.append(value);
            }

            @Override
            public void onError(Throwable error) {
                heard.append('!').append(error.getMessage());
            }

            @Override
            public void onComplete() {
                heard.append('|');
            }
        }
    }
}
