package io.weir.files;

/**
 * How much compressed data may grow when it is decompressed: a few bytes from a stranger can stand for terabytes. Immutable: each
 * {@code with…} method gives a changed copy.
 */
public final class DecodeLimits {
    static final String MAX_SIZE = "maxSize";
    static final String MAX_RATIO = "maxRatio";
    static final String MAX_WINDOW = "maxWindow";

    /** Until so much has come out, the ratio is not looked at: a file of blanks is small and harmless. */
    static final long RATIO_FREE = 1 << 20;

    private static final int LEAST_WINDOW = 1 << 10;
    private static final int LARGEST_WINDOW = 1 << 27;
    private static final DecodeLimits DEFAULTS = new DecodeLimits(Long.MAX_VALUE, 100, 8 << 20);

    private final long maxSize;
    private final int maxRatio;
    private final int maxWindow;

    private DecodeLimits(long maxSize, int maxRatio, int maxWindow) {
        this.maxSize = maxSize;
        this.maxRatio = maxRatio;
        this.maxWindow = maxWindow;
    }

    /**
     * A hundred bytes for each byte that came in, once more than 1 MiB came out; windows of up to 8 MiB; any size, since
     * nothing is kept.
     *
     * @return the defaults
     */
    public static DecodeLimits defaults() {
        return DEFAULTS;
    }

    /**
     * How much may come out.
     *
     * @param bytes at least 0; no limit by default
     * @return a changed copy
     */
    public DecodeLimits withMaxSize(long bytes) {
        return new DecodeLimits(within(MAX_SIZE, bytes, 0, Long.MAX_VALUE), maxRatio, maxWindow);
    }

    /**
     * How many bytes may come out for each that came in, looked at after the first 1 MiB.
     *
     * @param ratio at least 1, 100 by default
     * @return a changed copy
     */
    public DecodeLimits withMaxRatio(int ratio) {
        return new DecodeLimits(maxSize, (int) within(MAX_RATIO, ratio, 1, Integer.MAX_VALUE), maxWindow);
    }

    /**
     * How much memory a zstd stream may ask its reader to keep. The format's tools ask for up to 8 MiB, unless told to use long
     * windows. The window of gzip is 32 KiB, always.
     *
     * @param bytes from 1 KiB to 128 MiB, 8 MiB by default
     * @return a changed copy
     */
    public DecodeLimits withMaxWindow(int bytes) {
        return new DecodeLimits(maxSize, maxRatio, (int) within(MAX_WINDOW, bytes, LEAST_WINDOW, LARGEST_WINDOW));
    }

    private static long within(String setting, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(setting + " must be from " + least + " to " + most + ", not " + value);
        }
        return value;
    }

    /** After so much came out of so much. */
    void check(long in, long out) {
        if (out > maxSize) {
            throw DecodeException.limit(in, MAX_SIZE, maxSize);
        }
        if (out > RATIO_FREE && out / maxRatio > in) {
            throw DecodeException.limit(in, MAX_RATIO, maxRatio);
        }
    }

    int maxWindow() {
        return maxWindow;
    }

    @Override
    public String toString() {
        return "DecodeLimits[maxSize=" + maxSize + ", maxRatio=" + maxRatio + ", maxWindow=" + maxWindow + "]";
    }
}
