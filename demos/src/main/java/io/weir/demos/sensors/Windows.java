package io.weir.demos.sensors;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Sorts readings into windows by their tick, and not by when they arrive. A window is over when it is full, or when a sensor is so far
 * ahead that the bound on open windows is reached; what comes for it after that is late, and only counted. For one thread at a time.
 */
final class Windows {
    private static final int MOST_OPEN = 16;

    private final int ticks;
    private final int full;
    private final TreeMap<Integer, Window> open = new TreeMap<>();
    private int next;
    private long late;

    /** @param ticks how many of each sensor's readings make a window */
    Windows(int sensors, int ticks) {
        this.ticks = ticks;
        this.full = sensors * ticks;
    }

    /** Takes a reading, and returns the windows that are over now, in order: mostly none. */
    List<Window> add(Reading reading) {
        int number = reading.tick() / ticks;
        if (number < next) {
            late++;
            return List.of();
        }
        open.put(number, open.getOrDefault(number, Window.empty(number)).with(reading));
        List<Window> over = new ArrayList<>();
        while (!open.isEmpty() && (isFull(open.firstEntry().getValue()) || number - next >= MOST_OPEN)) {
            Window first = open.pollFirstEntry().getValue();
            next = first.number() + 1;
            over.add(first);
        }
        return over;
    }

    /** How many readings came after their window was over. */
    long late() {
        return late;
    }

    private boolean isFull(Window window) {
        return window.readings() == full;
    }
}
