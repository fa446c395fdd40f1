package io.weir.http;

import io.weir.http.FetchContentException.Reason;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Undoes gzip, of one or several members, and checks all that RFC 1952 lets one check. */
final class GzipDecoder implements BodyDecoder {
    private static final int AT_ONCE = 16 * 1024;
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    /** More than the extra field may have; name and comment have no bound of their own. */
    private static final int LONGEST_HEADER = 128 * 1024;

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private enum Part {
        START,
        HEADER,
        DATA,
        TRAILER,
        BETWEEN
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] out = new byte[AT_ONCE];
    private byte[] in = {};
    private int at;
    private boolean whole;
    private Part part = Part.START;

    @Override
    public void feed(byte[] coded) {
        if (at < in.length) {
            byte[] joined = Arrays.copyOfRange(in, at, in.length + coded.length);
            System.arraycopy(coded, 0, joined, in.length - at, coded.length);
            in = joined;
        } else {
            in = coded;
        }
        at = 0;
        if (part == Part.DATA) {
            inflater.setInput(in);
        }
    }

    @Override
    public byte @Nullable [] poll() {
        while (true) {
            switch (part) {
                case START, BETWEEN -> {
                    if (at == in.length) {
                        return null;
                    }
                    part = Part.HEADER;
                }
                case HEADER -> {
                    int end = headerEnd();
                    if (end < 0) {
                        return null;
                    }
                    at = end;
                    inflater.reset();
                    crc.reset();
                    inflater.setInput(in, at, in.length - at);
                    part = Part.DATA;
                }
                case DATA -> {
                    int length = inflate();
                    if (length > 0) {
                        crc.update(out, 0, length);
                        return Arrays.copyOf(out, length);
                    }
                    if (!inflater.finished()) {
                        at = in.length;
                        return null;
                    }
                    at = in.length - inflater.getRemaining();
                    part = Part.TRAILER;
                }
                case TRAILER -> {
                    if (in.length - at < TRAILER) {
                        return null;
                    }
                    if (number(at, 4) != crc.getValue()
                            || number(at + 4, 4) != (inflater.getBytesWritten() & 0xffffffffL)) {
                        throw malformed("its checksum or length is wrong");
                    }
                    at += TRAILER;
                    whole = true;
                    part = Part.BETWEEN;
                }
            }
        }
    }

    @Override
    public void end() {
        if (part != Part.START && part != Part.BETWEEN) {
            throw DecodingFailure.truncated();
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    private int inflate() {
        try {
            int length = inflater.inflate(out);
            if (inflater.needsDictionary()) {
                throw malformed("it needs a dictionary");
            }
            return length;
        } catch (DataFormatException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    /** Where the header ends; negative where more is needed to know. */
    private int headerEnd() {
        int length = in.length - at;
        if (!begins(0, 0x1f) || !begins(1, 0x8b) || !begins(2, 8)) {
            throw malformed(whole ? "something follows its end" : "it does not begin as gzip does");
        }
        if (length < FIXED_HEADER) {
            return -1;
        }
        int flags = in[at + 3];
        int end = at + FIXED_HEADER;
        if ((flags & EXTRA) != 0) {
            end = in.length - end < 2 ? -1 : end + 2 + (int) number(end, 2);
        }
        end = (flags & NAME) == 0 ? end : afterZero(end);
        end = (flags & COMMENT) == 0 ? end : afterZero(end);
        if (end >= 0 && (flags & HEADER_CRC) != 0) {
            end += 2;
        }
        if (length > LONGEST_HEADER && (end < 0 || end > in.length)) {
            throw malformed("its header has no end");
        }
        return end > in.length ? -1 : end;
    }

    /** Whether the header has this byte at that place, or has not come so far. */
    private boolean begins(int offset, int expected) {
        return at + offset >= in.length || (in[at + offset] & 0xff) == expected;
    }

    private int afterZero(int from) {
        for (int i = from; from >= 0 && i < in.length; i++) {
            if (in[i] == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private long number(int from, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | (in[from + i] & 0xff);
        }
        return value;
    }

    private static DecodingFailure malformed(String why) {
        return new DecodingFailure("the body cannot be decoded: " + why, Reason.MALFORMED);
    }
}
