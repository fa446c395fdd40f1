package io.weir.files;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/** One zstd frame with a checksum, by zstd-jni. */
final class ZstdEncoder implements Coder {
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final DirectView view = new DirectView();

    ZstdEncoder(int level) {
        context.setLevel(level).setChecksum(true);
    }

    @Override
    public void code(ByteBuffer in, ByteBuffer out) {
        while (in.hasRemaining() && out.hasRemaining()) {
            ByteBuffer from = view.of(in);
            int before = from.position();
            context.compressDirectByteBufferStream(out, from, EndDirective.CONTINUE);
            in.position(in.position() + from.position() - before);
        }
    }

    @Override
    public boolean end(ByteBuffer out) {
        return context.compressDirectByteBufferStream(out, ByteBuffer.allocateDirect(0), EndDirective.END);
    }

    @Override
    public void close() {
        context.close();
    }
}
