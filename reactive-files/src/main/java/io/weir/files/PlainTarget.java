package io.weir.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file itself: what has been written is seen at once, and stays. */
record PlainTarget(FileChannel channel) implements Target {

    static PlainTarget open(Path path, WriteOptions options) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (options.parents() && folder != null) {
            Target.createFolders(folder);
        }
        return new PlainTarget(FileChannel.open(path, openOptions(options.mode())));
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
    public void complete() throws IOException {
        channel.close();
    }

    @Override
    public void publish() {}

    @Override
    public void abort() throws IOException {
        channel.close();
    }
}
