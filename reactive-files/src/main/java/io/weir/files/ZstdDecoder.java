package io.weir.files;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Zstd frames, one or more, by zstd-jni. The header of each is looked at first: it tells how much memory the library will take
 * for its window.
 */
final class ZstdDecoder implements Coder {
    private static final String ZSTD = "zstd";
    private static final int MAGIC = 0xFD2FB528;
    private static final int DESCRIPTOR_AT = 4;
    private static final int SINGLE_SEGMENT = 0x20;
    private static final int LONGEST_HEADER = 18;
    private static final int[] DICTIONARY_ID_BYTES = {0, 1, 2, 4};
    private static final int[] SIZE_BYTES = {0, 2, 4, 8};
    private static final int TWO_BYTES_BEGIN_AT = 256;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final DirectView view = new DirectView();
    private final ByteBuffer header = ByteBuffer.allocateDirect(LONGEST_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private final int maxWindow;
    private boolean gathersHeader = true;
    private long offset;
    private long frames;

    ZstdDecoder(int maxWindow) {
        this.maxWindow = maxWindow;
    }

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        do {
            if (gathersHeader) {
                if (!gatherHeader(in)) {
                    return;
                }
                checkWindow();
                header.flip();
                gathersHeader = false;
            }
            decompress(in, out);
        } while ((in.hasRemaining() || (!gathersHeader && header.hasRemaining())) && out.hasRemaining());
    }

    private void decompress(ByteBuffer in, ByteBuffer out) {
        boolean fromHeader = header.hasRemaining();
        ByteBuffer from = fromHeader ? header : view.of(in);
        int before = from.position();
        boolean frameIsComplete;
        try {
            frameIsComplete = context.decompressDirectByteBufferStream(out, from);
        } catch (ZstdException e) {
            throw DecodeException.malformed(ZSTD, offset, "a frame cannot be read", e);
        }
        if (!fromHeader) {
            int consumed = from.position() - before;
            in.position(in.position() + consumed);
            offset += consumed;
        }
        if (frameIsComplete) {
            frames++;
            gathersHeader = true;
            header.clear();
        }
    }

    /** False: it takes more bytes. */
    private boolean gatherHeader(ByteBuffer in) {
        while (in.hasRemaining() && header.position() < headerLength()) {
            header.put(in.get());
            offset++;
        }
        return header.position() == headerLength();
    }

    /** As far as the bytes that are there tell. */
    private int headerLength() {
        if (header.position() <= DESCRIPTOR_AT || header.getInt(0) != MAGIC) {
            return DESCRIPTOR_AT + 1; // what is no frame of data is the library's to skip or to refuse
        }
        int window = isSingleSegment() ? 0 : 1;
        return DESCRIPTOR_AT + 1 + window + dictionaryIdBytes() + sizeBytes();
    }

    private int descriptor() {
        return header.get(DESCRIPTOR_AT);
    }

    private boolean isSingleSegment() {
        return (descriptor() & SINGLE_SEGMENT) != 0;
    }

    private int dictionaryIdBytes() {
        return DICTIONARY_ID_BYTES[descriptor() & 3];
    }

    private int sizeBytes() {
        int flag = (descriptor() >>> 6) & 3;
        return flag == 0 && isSingleSegment() ? 1 : SIZE_BYTES[flag];
    }

    private void checkWindow() {
        if (header.getInt(0) != MAGIC) {
            return;
        }
        long window = isSingleSegment() ? contentSize() : window(header.get(DESCRIPTOR_AT + 1) & 0xff);
        if (window > maxWindow || window < 0) {
            throw DecodeException.limit(offset, DecodeLimits.MAX_WINDOW, maxWindow);
        }
    }

    /** RFC 8878, 3.1.1.1.2. */
    private static long window(int descriptor) {
        long base = 1L << (10 + (descriptor >>> 3));
        return base + base / 8 * (descriptor & 7);
    }

    /** Of a single segment, which is its own window. */
    private long contentSize() {
        int at = DESCRIPTOR_AT + 1 + dictionaryIdBytes();
        return switch (sizeBytes()) {
            case 1 -> header.get(at) & 0xff;
            case 2 -> TWO_BYTES_BEGIN_AT + (header.getShort(at) & 0xffff);
            case 4 -> header.getInt(at) & 0xffff_ffffL;
            default -> header.getLong(at);
        };
    }

    @Override
    public boolean end(ByteBuffer out) {
        if (frames == 0 || !gathersHeader || header.position() > 0) {
            throw DecodeException.truncated(ZSTD, offset);
        }
        return true;
    }

    @Override
    public void close() {
        context.close();
    }
}
