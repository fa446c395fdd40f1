package io.weir.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** One gzip member, with no name and no time: the same content gives the same bytes. */
final class GzipEncoder implements Coder {
    static final int HEADER = 10;
    static final int TRAILER = 8;
    private static final byte[] NO_NAME_NO_TIME = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    private static final byte[] NOTHING = {};

    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private final ByteBuffer header = ByteBuffer.wrap(NO_NAME_NO_TIME);
    private final ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
    private boolean deflated;

    GzipEncoder(int level) {
        deflater = new Deflater(level, true);
    }

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        copy(header, out);
        ByteBuffer sum = in.duplicate();
        deflater.setInput(in);
        while (in.hasRemaining() && out.hasRemaining()) {
            deflater.deflate(out);
        }
        deflater.setInput(NOTHING); // keeps no view of memory that is given back
        crc.update(sum.limit(in.position()));
    }

    @Override
    public boolean end(ByteBuffer out) {
        copy(header, out);
        if (!deflated) {
            deflater.finish();
            while (out.hasRemaining() && !deflater.finished()) {
                deflater.deflate(out);
            }
            if (!deflater.finished()) {
                return false;
            }
            deflated = true;
            trailer.putInt((int) crc.getValue())
                    .putInt((int) deflater.getBytesRead())
                    .flip();
        }
        copy(trailer, out);
        return !trailer.hasRemaining();
    }

    private static void copy(ByteBuffer from, ByteBuffer to) {
        while (from.hasRemaining() && to.hasRemaining()) {
            to.put(from.get());
        }
    }

    @Override
    public void close() {
        deflater.end();
    }
}
