package io.weir.http;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.weir.http.FetchContentException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Undoes zstd with zstd-jni, whose native half must have been loaded, in windows of up to 8 MiB as RFC 9659 says. */
final class ZstdDecoder implements BodyDecoder {
    private static final int AT_ONCE = 16 * 1024;
    private static final int WINDOW_LOG = 23;

    private final Fed in = new Fed();
    private final byte[] out = new byte[AT_ONCE];
    private final ZstdInputStreamNoFinalizer decoder;

    ZstdDecoder() {
        try {
            decoder = new ZstdInputStreamNoFinalizer(in);
            decoder.setContinuous(true);
            decoder.setLongMax(WINDOW_LOG);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    @Override
    public void feed(byte[] coded) {
        in.bytes = coded;
        in.at = 0;
    }

    @Override
    public byte @Nullable [] poll() {
        try {
            int length = decoder.read(out, 0, AT_ONCE);
            return length <= 0 ? null : Arrays.copyOf(out, length);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    @Override
    public void end() {
        decoder.setContinuous(false);
        try {
            decoder.read(out, 0, AT_ONCE);
        } catch (IOException e) {
            throw DecodingFailure.truncated();
        }
    }

    @Override
    public void close() {
        try {
            decoder.close();
        } catch (IOException e) {
            // It reads from memory.
        }
    }

    private static DecodingFailure malformed(IOException e) {
        return new DecodingFailure("the body cannot be decoded: " + e.getMessage(), Reason.MALFORMED);
    }

    /** Ends whenever it has nothing, and goes on when it has. */
    private static final class Fed extends InputStream {
        private byte[] bytes = {};
        private int at;

        @Override
        public int read() {
            return at < bytes.length ? bytes[at++] & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int more = Math.min(length, bytes.length - at);
            if (more == 0) {
                return -1;
            }
            System.arraycopy(bytes, at, to, offset, more);
            at += more;
            return more;
        }

        @Override
        public int available() {
            return bytes.length - at;
        }
    }
}
