package io.weir.core.offload;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a pool that have nothing to do, the latest on top: who slept last is woken first, so that the others sleep long
 * enough to end.
 *
 * <p><b>State.</b> One word: how many are in it, which one is on top, and a count of changes, without which a CAS could take a stack that
 * was popped and pushed meanwhile for an unchanged one. The links are in the slots.
 *
 * <p><b>Writers.</b> Any thread pops; a slot is pushed by its own thread, or by one that popped it. <b>Publication.</b> by the word's CAS.
 */
final class IdleStack {
    /** The word's fields: 24 bits of changes, 20 of count, 20 of top (its index + 1). */
    static final int MAX_SLOTS = (1 << 20) - 2;

    private static final long FIELD = (1L << 20) - 1;
    private static final int COUNT = 20;
    private static final int CHANGES = 40;

    private final AtomicLong word = new AtomicLong();
    private final Slot[] slots;

    /** Starts with all slots in it, the first on top. */
    IdleStack(Slot[] slots) {
        this.slots = slots;
    }

    int size() {
        return (int) (word.get() >>> COUNT & FIELD);
    }

    void push(Slot slot) {
        while (true) {
            long seen = word.get();
            slot.below = (int) (seen & FIELD);
            if (word.compareAndSet(seen, next(seen, (seen >>> COUNT & FIELD) + 1, slot.index + 1))) {
                return;
            }
        }
    }

    @Nullable
    Slot pop() {
        while (true) {
            long seen = word.get();
            int top = (int) (seen & FIELD);
            if (top == 0) {
                return null;
            }
            Slot slot = slots[top - 1];
            if (word.compareAndSet(seen, next(seen, (seen >>> COUNT & FIELD) - 1, slot.below))) {
                return slot;
            }
        }
    }

    private static long next(long seen, long count, int top) {
        return ((seen >>> CHANGES) + 1) << CHANGES | count << COUNT | top;
    }
}
