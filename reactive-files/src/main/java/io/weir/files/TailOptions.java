package io.weir.files;

import java.time.Duration;

/** How a file is followed. Immutable: each {@code with…} method gives a changed copy. */
public final class TailOptions {
    private static final TailOptions FROM_END =
            new TailOptions(false, false, Duration.ofMillis(250), ReadOptions.defaults());

    private final boolean fromBeginning;
    private final boolean waiting;
    private final Duration interval;
    private final ReadOptions reading;

    private TailOptions(boolean fromBeginning, boolean waiting, Duration interval, ReadOptions reading) {
        this.fromBeginning = fromBeginning;
        this.waiting = waiting;
        this.interval = interval;
        this.reading = reading;
    }

    /**
     * Begins with what is written after the subscription; looks four times a second; a file that is missing at first is an
     * error. Where the file then ends in the middle of a line, its rest comes as a line.
     *
     * @return the defaults
     */
    public static TailOptions fromEnd() {
        return FROM_END;
    }

    /**
     * As {@link #fromEnd()}, but begins with what the file holds.
     *
     * @return options that begin there
     */
    public static TailOptions fromBeginning() {
        return new TailOptions(true, false, FROM_END.interval, FROM_END.reading);
    }

    /**
     * Waits for a file that is missing at first, and then reads it from its beginning.
     *
     * @return a changed copy
     */
    public TailOptions withWaiting() {
        return new TailOptions(fromBeginning, true, interval, reading);
    }

    /**
     * How long to wait when nothing more was found.
     *
     * @param interval more than zero; 250 ms by default
     * @return a changed copy
     */
    public TailOptions withInterval(Duration interval) {
        return new TailOptions(fromBeginning, waiting, positive(interval), reading);
    }

    /**
     * The charset, the longest line, and how much is read at once.
     *
     * @param reading {@link ReadOptions#defaults()} by default
     * @return a changed copy
     */
    public TailOptions withReading(ReadOptions reading) {
        return new TailOptions(fromBeginning, waiting, interval, reading);
    }

    static Duration positive(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("the interval must be more than zero, not " + interval);
        }
        return interval;
    }

    boolean isFromBeginning() {
        return fromBeginning;
    }

    boolean isWaiting() {
        return waiting;
    }

    Duration interval() {
        return interval;
    }

    ReadOptions reading() {
        return reading;
    }

    @Override
    public String toString() {
        return "TailOptions[fromBeginning=" + fromBeginning + ", waiting=" + waiting + ", interval=" + interval
                + ", reading=" + reading + "]";
    }
}
