package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file itself: what has been written is seen at once, and stays. */
record PlainTarget(Path path, FileChannel channel, SyncPolicy sync) implements Target {

    static PlainTarget open(Path path, WriteOptions options) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (options.parents() && folder != null) {
            Target.createFolders(folder);
        }
        return new PlainTarget(path, FileChannel.open(path, openOptions(options.mode())), options.sync());
    }

    static OpenOption[] openOptions(WriteOptions.Mode mode) {
        return switch (mode) {
            case OVERWRITE ->
                new OpenOption[] {
                    StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING
                };
            case APPEND -> new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND};
            case CREATE_NEW -> new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW};
            case REPLACE_ATOMICALLY -> throw new IllegalStateException("that is AtomicTarget's");
        };
    }

    @Override
    public long unforcedAtMost() {
        return sync.interval();
    }

    @Override
    public void complete() throws IOException {
        if (sync.end()) {
            channel.force(true);
            // The file may be new: without its entry in the folder, its content is lost.
            Target.forceEntry(path);
        }
        channel.close();
    }

    @Override
    public void publish() {}

    @Override
    public void abort() throws IOException {
        channel.close();
    }
}
