package io.weir.files;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits where line endings are single bytes, without decoding what it searches: eight bytes at a time, one String and its
 * array for each line and nothing else.
 *
 * <p>What has been read and not split off lies in {@code bytes[start, end)}. No byte is searched twice, and a line longer
 * than a chunk makes the array grow up to the limit for lines.
 */
final class ByteLineSplitter implements LineSplitter {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long CARRIAGE_RETURNS = '\r' * ONES;
    private static final int LONGEST_ARRAY = ReadOptions.LARGEST_LINE + ReadOptions.LARGEST_CHUNK;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final FileOperation operation;
    private final TextDecoder decoder;
    private final int chunkSize;
    private final int maxLineLength;

    private byte[] bytes;
    private int start;
    private int end;
    private int searched; // no line ends in [start, searched)
    private long offset; // in the file, of bytes[0]
    private boolean ended;
    private boolean mayBeginWithMark;
    private boolean afterCarriageReturn; // a line feed now is the second half of a CRLF

    /** The first read is sized for what the file claims to hold, so that a small file needs no whole chunk. */
    ByteLineSplitter(FileOperation operation, ReadOptions options, int firstRead, long offset) {
        this.operation = operation;
        this.decoder = new TextDecoder(operation, options);
        this.chunkSize = options.chunkSize();
        this.maxLineLength = options.maxLineLength();
        this.offset = offset;
        this.mayBeginWithMark = offset == 0 && options.charset().equals(StandardCharsets.UTF_8);
        this.bytes = new byte[Math.max(1, Math.min(firstRead, chunkSize))];
    }

    @Override
    public ByteBuffer space() {
        if (end == bytes.length) {
            makeRoom();
        }
        return ByteBuffer.wrap(bytes, end, Math.min(chunkSize, bytes.length - end));
    }

    /** Moves what is kept to the front; to the front of a larger array where moving it would gain too little. */
    private void makeRoom() {
        int kept = end - start;
        boolean roomy = bytes.length >= chunkSize && kept <= bytes.length / 2;
        long larger = Math.min(bytes.length + (long) kept, LONGEST_ARRAY);
        byte[] target = roomy ? bytes : new byte[(int) Math.max(larger, kept + chunkSize)];
        System.arraycopy(bytes, start, target, 0, kept);
        bytes = target;
        offset += start;
        searched = Math.max(0, searched - start);
        start = 0;
        end = kept;
    }

    @Override
    public void received(int count) {
        end += count;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public @Nullable String next() {
        if (mayBeginWithMark && !skipMark()) {
            return null;
        }
        if (afterCarriageReturn && start < end) {
            afterCarriageReturn = false;
            if (bytes[start] == '\n') {
                start++;
            }
        }
        int stop = indexOfLineEnding(bytes, Math.max(start, searched), end);
        if (stop >= 0) {
            String line = line(stop);
            afterCarriageReturn = bytes[stop] == '\r';
            start = stop + 1;
            return line;
        }
        searched = end;
        if (ended && start < end) {
            String line = line(end);
            start = end;
            return line;
        }
        requireWithinLimit(end - start);
        return null;
    }

    private String line(int stop) {
        requireWithinLimit(stop - start);
        return decoder.decode(bytes, start, stop - start, offset + start);
    }

    private void requireWithinLimit(int length) {
        if (length > maxLineLength) {
            throw new LineTooLongException(operation, offset + start, maxLineLength);
        }
    }

    /** False while it takes more bytes to tell. */
    private boolean skipMark() {
        int compared = Math.min(end, BYTE_ORDER_MARK.length);
        boolean same = Arrays.equals(bytes, 0, compared, BYTE_ORDER_MARK, 0, compared);
        if (same && compared < BYTE_ORDER_MARK.length && !ended) {
            return false;
        }
        mayBeginWithMark = false;
        if (same && compared == BYTE_ORDER_MARK.length) {
            start = compared;
        }
        return true;
    }

    /**
     * The first CR or LF. Exclusive-or makes a zero byte of each match; subtracting one from every byte then borrows into the
     * top bit of a zero byte. The borrow may spoil bytes above a match, never below, and the lowest bit is the one used.
     */
    static int indexOfLineEnding(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long eight = (long) EIGHT_BYTES.get(bytes, i);
            long lf = eight ^ LINE_FEEDS;
            long cr = eight ^ CARRIAGE_RETURNS;
            long found = (((lf - ONES) & ~lf) | ((cr - ONES) & ~cr)) & TOP_BITS;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                return i;
            }
        }
        return -1;
    }
}
