package io.weir.files;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The lines of a file that grows. */
final class TailLines implements Cursor<String> {
    private final FileOperation operation;
    private final ReadOptions options;
    private final TailedFile file;
    private LineSplitter splitter;
    private boolean broken; // what the splitter holds will not be continued

    private TailLines(FileOperation operation, ReadOptions options, TailedFile file) {
        this.operation = operation;
        this.options = options;
        this.file = file;
        this.splitter = newSplitter();
    }

    static TailLines open(FileOperation operation, TailOptions options) throws IOException {
        TailedFile file = TailedFile.open(operation.path(), options);
        try {
            return new TailLines(operation, options.reading(), file);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private LineSplitter newSplitter() {
        return LineSplitter.of(operation, options, options.chunkSize(), file.position());
    }

    @Override
    public @Nullable String poll() {
        return splitter.next();
    }

    @Override
    public boolean fill(long demand) throws IOException {
        if (broken) {
            broken = false;
            splitter = newSplitter();
        }
        switch (file.look()) {
            case MORE -> splitter.received(file.read(splitter.space()));
            case BREAK -> {
                splitter.end();
                broken = true;
            }
            case NOTHING -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
