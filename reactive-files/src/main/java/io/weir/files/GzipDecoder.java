package io.weir.files;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A gzip file, of as many members as it has, with all checks that RFC 1952 has for them. */
final class GzipDecoder implements Coder {
    private static final String GZIP = "gzip";
    private static final int[] MAGIC = {0x1f, 0x8b, 8};
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int FLAGS_AT = 3;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CRC,
        DATA,
        TRAILER
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 headerCrc = new CRC32();
    private final CRC32 crc = new CRC32();
    private Part part = Part.FIXED;
    private long offset;
    private long members;
    private int flags;
    private int count; // bytes of this part
    private long number; // that they make, little end first
    private int extraLength;

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        do {
            if (part == Part.DATA) {
                inflate(in, out);
            } else if (in.hasRemaining()) {
                read(in.get() & 0xff);
                offset++;
            }
        } while (in.hasRemaining() && out.hasRemaining());
    }

    private void inflate(ByteBuffer in, ByteBuffer out) {
        int from = in.position();
        ByteBuffer sum = out.duplicate();
        inflater.setInput(in);
        try {
            while (out.hasRemaining() && inflater.inflate(out) > 0) {
                // It stops at the end of the input, of the room, or of the data.
            }
        } catch (DataFormatException e) {
            throw DecodeException.malformed(GZIP, offset + in.position() - from, String.valueOf(e.getMessage()), e);
        }
        if (inflater.needsDictionary()) {
            throw malformed("it needs a dictionary");
        }
        offset += in.position() - from;
        crc.update(sum.limit(out.position()));
        if (inflater.finished()) {
            enter(Part.TRAILER);
        }
    }

    /** A byte of a header or a trailer. */
    private void read(int next) {
        if (part != Part.TRAILER && part != Part.HEADER_CRC) {
            headerCrc.update(next);
        }
        if (count < Long.BYTES) {
            number |= (long) next << (Byte.SIZE * count);
        }
        count++;
        switch (part) {
            case FIXED -> readFixed(next);
            case EXTRA_LENGTH -> {
                if (count == 2) {
                    extraLength = (int) number;
                    enterAfter(extraLength == 0 ? Part.EXTRA : Part.EXTRA_LENGTH);
                }
            }
            case EXTRA -> {
                if (count == extraLength) {
                    enterAfter(Part.EXTRA);
                }
            }
            case NAME, COMMENT -> {
                if (next == 0) {
                    enterAfter(part);
                }
            }
            case HEADER_CRC -> {
                if (count == 2) {
                    if (number != (headerCrc.getValue() & 0xffff)) {
                        throw malformed("the checksum of its header is wrong");
                    }
                    enterAfter(part);
                }
            }
            case TRAILER -> {
                if (count == GzipEncoder.TRAILER) {
                    endMember();
                }
            }
            case DATA -> throw new IllegalStateException();
        }
    }

    private void readFixed(int next) {
        if (count <= MAGIC.length && next != MAGIC[count - 1]) {
            throw malformed(members == 0 ? "it does not begin as gzip does" : "something follows its end");
        }
        if (count == FLAGS_AT + 1) {
            flags = next;
            if ((flags & RESERVED) != 0) {
                throw malformed("its header has flags that are reserved");
            }
        }
        if (count == GzipEncoder.HEADER) {
            enterAfter(Part.FIXED);
        }
    }

    /** The next part that the flags tell of. */
    private void enterAfter(Part last) {
        if (last == Part.EXTRA_LENGTH) {
            enter(Part.EXTRA);
        } else if (last == Part.FIXED && (flags & EXTRA) != 0) {
            enter(Part.EXTRA_LENGTH);
        } else if (last.compareTo(Part.NAME) < 0 && (flags & NAME) != 0) {
            enter(Part.NAME);
        } else if (last.compareTo(Part.COMMENT) < 0 && (flags & COMMENT) != 0) {
            enter(Part.COMMENT);
        } else if (last.compareTo(Part.HEADER_CRC) < 0 && (flags & HEADER_CRC) != 0) {
            enter(Part.HEADER_CRC);
        } else {
            enter(Part.DATA);
        }
    }

    private void enter(Part next) {
        part = next;
        count = 0;
        number = 0;
    }

    private void endMember() {
        if ((number & 0xffff_ffffL) != crc.getValue()) {
            throw malformed("its checksum is wrong");
        }
        if (number >>> Integer.SIZE != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw malformed("its length is wrong");
        }
        members++;
        inflater.reset();
        crc.reset();
        headerCrc.reset();
        enter(Part.FIXED);
    }

    @Override
    public boolean end(ByteBuffer out) {
        if (members == 0 || part != Part.FIXED || count > 0) {
            throw DecodeException.truncated(GZIP, offset);
        }
        return true;
    }

    private DecodeException malformed(String problem) {
        return DecodeException.malformed(GZIP, offset, problem, null);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
