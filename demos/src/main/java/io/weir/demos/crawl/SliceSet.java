package io.weir.demos.crawl;

import java.util.Arrays;

/** Remembers slices of one byte array by their content, without copying them. */
final class SliceSet {

    private final byte[] bytes;
    private int[] from = new int[256];
    private int[] to = new int[256];
    private int size;

    SliceSet(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Adds the slice; false where an equal one is there already. */
    boolean add(int start, int end) {
        if (size * 2 >= from.length) {
            grow();
        }
        int slot = slot(start, end);
        if (to[slot] != 0) {
            return false;
        }
        from[slot] = start;
        to[slot] = end;
        size++;
        return true;
    }

    /** Where an equal slice is, or would be. A slice never ends at 0, so a 0 in {@code to} is a free slot. */
    private int slot(int start, int end) {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash ^ (hash >>> 15)) & (from.length - 1);
        while (to[slot] != 0 && !Arrays.equals(bytes, start, end, bytes, from[slot], to[slot])) {
            slot = (slot + 1) & (from.length - 1);
        }
        return slot;
    }

    private void grow() {
        int[] oldFrom = from;
        int[] oldTo = to;
        from = new int[oldFrom.length * 2];
        to = new int[oldTo.length * 2];
        for (int i = 0; i < oldTo.length; i++) {
            if (oldTo[i] != 0) {
                int slot = slot(oldFrom[i], oldTo[i]);
                from[slot] = oldFrom[i];
                to[slot] = oldTo[i];
            }
        }
    }
}
