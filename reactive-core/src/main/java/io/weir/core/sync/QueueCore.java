package io.weir.core.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * What is behind an {@link AsyncQueue}: a store of elements, lists of those who wait to take, to put, or only for the end, and a
 * counter for {@code join}, all behind one {@link Turnstile}.
 *
 * <p>Inside, either there are elements or there are waiting takers, never both; and putters wait only while the queue is full.
 * Those who wait are {@link Take}, {@link TakeAll}, {@link PutMono}'s and {@link PutAll} and the branches of a {@link Select}.
 */
final class QueueCore<T> {
    private static final VarHandle SIZE;

    static {
        try {
            SIZE = MethodHandles.lookup().findVarHandle(QueueCore.class, "size", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int capacity;
    private final Store<T> store;

    final Turnstile turnstile = new Turnstile();
    final WaitList takers = new WaitList();
    final WaitList putters = new WaitList();

    /** Streams without demand: they wait for the end only. */
    final WaitList idle = new WaitList();

    /** Each {@code putAll} whose source is quiet: it waits for the end only. */
    final WaitList sources = new WaitList();

    final Unfinished unfinished = new Unfinished(turnstile);
    volatile @Nullable Consumer<? super T> onDiscard;

    /** Null while open. Set inside; read anywhere. */
    private volatile @Nullable Closing closing;

    /** Inside: how many streams take from this queue, which share what is there. */
    int streams;

    /**
     * Inside: how many elements streams have taken and may still give back. As long as there are any, a closed queue is not at
     * its end: they must find somebody.
     */
    int lent;

    // The store's size, told to those who look from outside.
    private int size;

    QueueCore(int capacity, Store<T> store) {
        this.capacity = capacity;
        this.store = store;
    }

    boolean isClosed() {
        return closing != null;
    }

    /** Anywhere: how many elements are kept; old as soon as it is told. */
    int size() {
        return (int) SIZE.getOpaque(this);
    }

    /** Anywhere: {@link AsyncQueue#tryPut}. */
    boolean tryPut(T value) {
        turnstile.enter();
        try {
            return closing == null && accept(value);
        } finally {
            turnstile.exit();
        }
    }

    /** Anywhere: {@link AsyncQueue#tryTake}. */
    @Nullable
    T tryTake() {
        turnstile.enter();
        try {
            return next();
        } finally {
            turnstile.exit();
        }
    }

    /** Anywhere: puts without waiting, if nobody is inside and nothing stands in the way. If it looks full, the put that waits decides. */
    boolean putAtOnce(T value) {
        if (closing != null || (size() >= capacity && takers.size() == 0) || !turnstile.tryEnter()) {
            return false;
        }
        try {
            return closing == null && accept(value);
        } catch (Throwable t) {
            return false; // a comparator's: the put that waits asks it again, and tells
        } finally {
            turnstile.exit();
        }
    }

    /** Inside: hands {@code value} to a waiting consumer or keeps it; false if it would have to wait. */
    boolean accept(T value) {
        Taker<T> taker = nextTaker();
        if (taker != null) {
            unfinished.add();
            taker.hand(value);
        } else if (store.size() < capacity && putters.isEmpty()) {
            store.add(value);
            unfinished.add();
            tellSize();
        } else {
            return false;
        }
        return true;
    }

    /** Inside: {@link #accept(Object)} for {@code values[from]} and, if it can be done in one step, for what follows until {@code to}. */
    @SuppressWarnings("unchecked") // offered by putters of T
    int accept(@Nullable Object[] values, int from, int to) {
        if (takers.isEmpty() && putters.isEmpty() && store.size() < capacity) {
            int count = store.addSome(values, from, from + Math.min(to - from, capacity - store.size()));
            unfinished.add(count);
            tellSize();
            return count;
        }
        return accept((T) Objects.requireNonNull(values[from])) ? 1 : 0;
    }

    /** Inside: the first of those who wait for an element and still want one. */
    @SuppressWarnings("unchecked") // only takers of T wait there
    private @Nullable Taker<T> nextTaker() {
        while (takers.first() instanceof Taker<?> taker) {
            if (taker.claim()) {
                return (Taker<T>) taker;
            }
            taker.withdraw(); // a select that another queue has won
        }
        return null;
    }

    /** Inside: the next element, its place given to the first who waits for room; null if there is none. */
    @Nullable
    T next() {
        T value = store.poll();
        if (value == null) {
            value = offered(); // a rendezvous
        } else {
            admit();
        }
        return value;
    }

    /**
     * Inside: as many as there are and are wanted, but only a share where several streams take. They are lent before anybody may
     * be told of the end, for they may come back.
     */
    int next(@Nullable Object[] batch, long wanted) {
        int share = Math.max(1, store.size() / Math.max(1, streams));
        int most = (int) Math.min(Math.min(wanted, batch.length), share);
        int count = store.pollSome(batch, most);
        if (count > 0) {
            lent += count;
            admit();
        } else {
            T value = offered();
            if (value != null) {
                batch[count++] = value;
                lent++;
            }
        }
        return count;
    }

    /** Inside, with an empty store: the element of the first who waits to put. */
    @SuppressWarnings("unchecked") // only putters of T wait there
    private @Nullable T offered() {
        Putter<T> putter = (Putter<T>) putters.first();
        if (putter == null) {
            return null;
        }
        T value = putter.offered();
        unfinished.add();
        putter.accepted(1);
        return value;
    }

    /** Inside, after elements have left: lets waiting ones in, and tells takers if none will come. */
    @SuppressWarnings("unchecked") // only putters of T wait there
    private void admit() {
        Putter<T> putter;
        while (store.size() < capacity && (putter = (Putter<T>) putters.first()) != null) {
            int count;
            try {
                count = putter.addTo(store, capacity - store.size());
            } catch (Throwable t) {
                putter.rejected(t);
                continue;
            }
            unfinished.add(count);
            putter.accepted(count);
        }
        tellSize();
        settle(0);
    }

    private void tellSize() {
        SIZE.setOpaque(this, store.size());
    }

    /** Inside: whether {@link #next()} gives one. */
    boolean hasNext() {
        return store.size() > 0 || !putters.isEmpty();
    }

    /** Inside: closed and empty. */
    boolean isAtEnd() {
        return closing != null && store.size() == 0 && lent == 0;
    }

    /** How many elements a stream may take in one turn. */
    int batch() {
        return Math.max(1, Math.min(store.batch(), capacity));
    }

    private static void endAll(WaitList list) {
        while (list.first() instanceof Taker<?> taker) {
            if (taker.claim()) {
                taker.refuse(null);
            } else {
                taker.withdraw();
            }
        }
    }

    /** Inside: a stream is done with {@code count} elements. Tells those who wait to take if none will come any more. */
    void settle(int count) {
        lent -= count;
        if (isAtEnd()) {
            endAll(takers);
            endAll(idle);
        }
    }

    /**
     * Outside: takes elements back that a stream had taken and, cancelled, does not emit.
     *
     * @param from where they begin in the batch; what stands before has been emitted
     */
    @SuppressWarnings("unchecked") // the batch holds nothing but T
    void giveBack(@Nullable Object[] batch, int from, int to) {
        List<T> discarded = new ArrayList<>();
        turnstile.enter();
        try {
            Closing how = closing;
            if (how != null && how.now()) {
                for (int i = from; i < to; i++) {
                    discarded.add((T) Objects.requireNonNull(batch[i]));
                }
                unfinished.drop(discarded.size());
                return;
            }
            int next = from;
            Taker<T> taker;
            while (next < to && (taker = nextTaker()) != null) {
                taker.hand((T) Objects.requireNonNull(batch[next++]));
            }
            for (int i = to - 1; i >= next; i--) {
                T value = (T) Objects.requireNonNull(batch[i]);
                try {
                    store.giveBack(value);
                } catch (Throwable t) { // a comparator's: nobody is left to be told
                    discarded.add(value);
                }
            }
            unfinished.drop(discarded.size());
            tellSize();
        } finally {
            settle(to);
            try {
                turnstile.exit();
            } finally {
                discard(discarded);
            }
        }
    }

    /** Anywhere: {@link AsyncQueue#close} and {@link AsyncQueue#closeNow}. */
    void close(boolean now, @Nullable Throwable cause) {
        List<T> drained = new ArrayList<>();
        try {
            close(new Closing(now, cause), drained);
        } finally { // one who was told may have thrown; what was drained is nobody else's
            discard(drained);
        }
    }

    private void close(Closing how, List<T> drained) {
        turnstile.enter();
        try {
            Closing before = closing;
            if (before == null || (how.now() && !before.now())) {
                closing = how;
            }
            putters.endAll(Waiter.State.FAILED);
            sources.endAll(Waiter.State.FAILED);
            if (how.now()) {
                store.drainTo(drained);
                tellSize();
                unfinished.drop(drained.size());
            }
            settle(0);
        } finally {
            turnstile.exit();
        }
    }

    /** A handler that throws is told of the others all the same. */
    private void discard(List<T> elements) {
        Consumer<? super T> handler = onDiscard;
        if (handler == null) {
            return;
        }
        Throwable thrown = null;
        for (T element : elements) {
            try {
                handler.accept(element);
            } catch (Throwable t) {
                if (thrown == null) {
                    thrown = t;
                } else if (thrown != t) {
                    thrown.addSuppressed(t);
                }
            }
        }
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }

    QueueClosedException closedError(String operation) {
        Closing how = closing;
        return new QueueClosedException(operation, how == null ? null : how.cause());
    }

    /** How the queue was closed. */
    private record Closing(boolean now, @Nullable Throwable cause) {}
}
