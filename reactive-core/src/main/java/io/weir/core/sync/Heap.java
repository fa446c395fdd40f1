package io.weir.core.sync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Elements by priority, the least first; equal ones in the order they came.
 *
 * <p>A binary heap that first compares and then moves, so that a comparator that throws leaves it as it was. The JDK's
 * {@code PriorityQueue} moves while it compares, and loses an element then.
 */
final class Heap<T> extends Store<T> {
    private record Entry<T>(T value, long number) {}

    private final Comparator<? super T> order;
    private final ArrayList<Entry<T>> entries = new ArrayList<>();
    private long added;
    private long givenBack;

    Heap(Comparator<? super T> order) {
        this.order = Objects.requireNonNull(order);
    }

    private boolean before(Entry<T> a, Entry<T> b) {
        int sign = order.compare(a.value, b.value);
        return sign < 0 || (sign == 0 && a.number < b.number);
    }

    @Override
    void add(T value) {
        insert(new Entry<>(value, added));
        added++;
    }

    @Override
    void giveBack(T value) {
        insert(new Entry<>(value, -1 - givenBack)); // before its equals, as it left before them
        givenBack++;
    }

    private void insert(Entry<T> entry) {
        int place = entries.size();
        int depth = 0;
        while (place > 0 && before(entry, entries.get((place - 1) / 2))) {
            place = (place - 1) / 2;
            depth++;
        }
        entries.add(entry);
        int child = entries.size() - 1;
        for (; depth > 0; depth--) {
            entries.set(child, entries.get((child - 1) / 2));
            child = (child - 1) / 2;
        }
        entries.set(child, entry);
    }

    @Override
    @Nullable
    T poll() {
        if (entries.isEmpty()) {
            return null;
        }
        int lastIndex = entries.size() - 1;
        Entry<T> last = entries.get(lastIndex);
        int[] path = new int[Integer.SIZE];
        int steps = 0;
        int place = 0;
        for (int child = 1; child < lastIndex; child = 2 * place + 1) {
            if (child + 1 < lastIndex && before(entries.get(child + 1), entries.get(child))) {
                child++;
            }
            if (!before(entries.get(child), last)) {
                break;
            }
            path[steps++] = child;
            place = child;
        }
        Entry<T> first = entries.get(0);
        int hole = 0;
        for (int i = 0; i < steps; i++) {
            entries.set(hole, entries.get(path[i]));
            hole = path[i];
        }
        entries.set(hole, last);
        entries.remove(lastIndex);
        return first.value;
    }

    @Override
    void drainTo(List<? super T> drained) {
        entries.forEach(entry -> drained.add(entry.value));
        entries.clear();
    }

    @Override
    int size() {
        return entries.size();
    }
}
