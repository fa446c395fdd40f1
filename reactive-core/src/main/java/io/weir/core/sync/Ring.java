package io.weir.core.sync;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements in a circle that grows when it is full: first in, first out, or last in, first out. */
final class Ring<T> extends Store<T> {
    private static final int FIRST_ROOM = 16;
    private static final int BATCH = 64;

    private final boolean lifo;
    private @Nullable Object[] room = new Object[FIRST_ROOM]; // its length is a power of two
    private int head;
    private int size;

    Ring(boolean lifo) {
        this.lifo = lifo;
    }

    @Override
    void add(T value) {
        if (size == room.length) {
            grow();
        }
        room[(head + size) & (room.length - 1)] = value;
        size++;
    }

    @Override
    @SuppressWarnings("unchecked") // holds nothing but T
    @Nullable
    T poll() {
        if (size == 0) {
            return null;
        }
        int index = lifo ? (head + size - 1) & (room.length - 1) : head;
        T value = (T) room[index];
        room[index] = null;
        if (!lifo) {
            head = (head + 1) & (room.length - 1);
        }
        size--;
        return value;
    }

    @Override
    int addSome(@Nullable Object[] from, int start, int end) {
        int count = end - start;
        while (room.length - size < count) {
            grow();
        }
        int tail = (head + size) & (room.length - 1);
        int untilEnd = Math.min(count, room.length - tail);
        System.arraycopy(from, start, room, tail, untilEnd);
        System.arraycopy(from, start + untilEnd, room, 0, count - untilEnd);
        size += count;
        return count;
    }

    @Override
    int pollSome(@Nullable Object[] into, int most) {
        int count = Math.min(most, size);
        if (lifo || count < 2) {
            return super.pollSome(into, most);
        }
        int untilEnd = Math.min(count, room.length - head);
        System.arraycopy(room, head, into, 0, untilEnd);
        System.arraycopy(room, 0, into, untilEnd, count - untilEnd);
        Arrays.fill(room, head, head + untilEnd, null);
        Arrays.fill(room, 0, count - untilEnd, null);
        head = (head + count) & (room.length - 1);
        size -= count;
        return count;
    }

    @Override
    int batch() {
        return lifo ? 1 : BATCH;
    }

    @Override
    void giveBack(T value) {
        if (size == room.length) {
            grow();
        }
        if (lifo) {
            room[(head + size) & (room.length - 1)] = value;
        } else {
            head = (head - 1) & (room.length - 1);
            room[head] = value;
        }
        size++;
    }

    @Override
    void drainTo(List<? super T> drained) {
        for (T value = poll(); value != null; value = poll()) {
            drained.add(value);
        }
    }

    @Override
    int size() {
        return size;
    }

    private void grow() {
        @Nullable Object[] larger = new Object[room.length * 2];
        int untilEnd = room.length - head;
        System.arraycopy(room, head, larger, 0, untilEnd);
        System.arraycopy(room, 0, larger, untilEnd, head);
        room = larger;
        head = 0;
    }
}
