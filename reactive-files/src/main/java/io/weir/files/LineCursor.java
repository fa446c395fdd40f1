package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A file as lines. */
final class LineCursor implements Cursor<String> {
    private final FileChannel channel;
    private final LineSplitter splitter;
    private boolean ended;

    LineCursor(FileChannel channel, LineSplitter splitter) {
        this.channel = channel;
        this.splitter = splitter;
    }

    @Override
    public @Nullable String poll() {
        return splitter.next();
    }

    @Override
    public boolean fill(long demand) throws IOException {
        if (ended) {
            return false;
        }
        int read = channel.read(splitter.space());
        if (read < 0) {
            ended = true;
            splitter.end();
        } else {
            splitter.received(read);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
