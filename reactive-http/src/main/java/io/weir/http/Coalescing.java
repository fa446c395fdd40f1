package io.weir.http;

import io.weir.core.task.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Makes one fetch of equal GETs that are in flight at the same time.
 *
 * <p><b>State.</b> A flight is open, while it is in the map and may be joined; or closed, when it has an outcome or its last member has left. A
 * member is WAITING, then TOLD or GONE. <b>Writers.</b> Members join and leave under the flight's lock, and whoever closes it
 * does that under the lock too; who finds it closed opens another one. <b>Callbacks.</b> Nothing foreign is called with the lock held: the
 * members are copied, told one by one, and each decides by its own state. <b>Loss.</b> A member that leaves at the same moment is not told; the
 * response is the others'. <b>Proof.</b> {@code CoalescingTest}, {@code CancelTest}.
 */
final class Coalescing {
    private final Function<FetchRequest, Mono<FetchResponse>> fetch;
    private final Map<FetchRequest.Key, Flight> flights = new ConcurrentHashMap<>();

    Coalescing(Function<FetchRequest, Mono<FetchResponse>> fetch) {
        this.fetch = fetch;
    }

    static boolean accepts(FetchRequest request) {
        return request.method().equals("GET") && request.body() == null;
    }

    int flights() {
        return flights.size();
    }

    Mono<FetchResponse> fetch(FetchRequest request) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super FetchResponse> subscriber) {
                subscriber.onSubscribe(new Member(request, subscriber));
            }
        };
    }

    private void join(Member member) {
        while (true) {
            Flight created = new Flight(member.request.key(), member.subscriber.currentContext());
            Flight known = flights.putIfAbsent(created.key, created);
            Flight flight = known == null ? created : known;
            if (flight.join(member)) {
                if (known == null) {
                    fetch.apply(member.request).subscribe(flight);
                }
                return;
            }
            flights.remove(created.key, flight);
        }
    }

    /** One fetch for all of its members. */
    private final class Flight implements CoreSubscriber<FetchResponse> {
        final FetchRequest.Key key;
        private final Context context;
        private final Set<Member> members = new LinkedHashSet<>(2);
        private final Disposable.Swap fetching = Disposables.swap();
        private boolean closed;

        Flight(FetchRequest.Key key, Context first) {
            this.key = key;
            // The deadline is the first one's own, and cancels only that one.
            this.context = first.delete(Deadline.class);
        }

        synchronized boolean join(Member member) {
            if (closed) {
                return false;
            }
            member.flight = this;
            return members.add(member);
        }

        void leave(Member member) {
            synchronized (this) {
                if (!members.remove(member) || !members.isEmpty() || closed) {
                    return;
                }
                closed = true;
            }
            flights.remove(key, this);
            fetching.dispose();
        }

        private List<Member> close() {
            List<Member> all;
            synchronized (this) {
                closed = true;
                all = new ArrayList<>(members);
                members.clear();
            }
            flights.remove(key, this);
            return all;
        }

        @Override
        public void onSubscribe(Subscription s) {
            fetching.update(s::cancel);
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(FetchResponse response) {
            close().forEach(member -> member.told(response, null));
        }

        @Override
        public void onError(Throwable error) {
            close().forEach(member -> member.told(null, error));
        }

        @Override
        public void onComplete() {}

        @Override
        public Context currentContext() {
            return context;
        }
    }

    /** One subscriber. */
    private final class Member implements Subscription, Scannable {
        private static final int NEW = 0;
        private static final int WAITING = 1;
        private static final int TOLD = 2;
        private static final int GONE = 3;

        final FetchRequest request;
        final CoreSubscriber<? super FetchResponse> subscriber;
        private final AtomicInteger state = new AtomicInteger(NEW);
        volatile @Nullable Flight flight;

        Member(FetchRequest request, CoreSubscriber<? super FetchResponse> subscriber) {
            this.request = request;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n) && state.compareAndSet(NEW, WAITING)) {
                join(this);
                // Cancelled while it joined: then nobody has seen it leave.
                Flight joined = flight;
                if (state.get() == GONE && joined != null) {
                    joined.leave(this);
                }
            }
        }

        @Override
        public void cancel() {
            int before = state.getAndUpdate(s -> s == TOLD ? TOLD : GONE);
            Flight joined = flight;
            if (before == WAITING && joined != null) {
                joined.leave(this);
            }
        }

        void told(@Nullable FetchResponse response, @Nullable Throwable error) {
            if (!state.compareAndSet(WAITING, TOLD)) {
                return;
            }
            if (response != null) {
                subscriber.onNext(response);
                subscriber.onComplete();
            } else if (error != null) {
                subscriber.onError(error);
            }
        }

        @Override
        @SuppressWarnings("rawtypes") // as Reactor declares it
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.NAME) {
                return "fetch " + request.target().hostAndPort() + " (shared)";
            }
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return state.get() == TOLD;
            }
            if (key == Attr.CANCELLED) {
                return state.get() == GONE;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
