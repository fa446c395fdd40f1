package io.weir.files;

import io.weir.core.offload.Offload;
import java.nio.file.Path;
import reactor.core.publisher.Flux;

/**
 * Tells what happens in a folder. What the description of {@link AsyncFiles} says holds here too.
 *
 * <pre>{@code
 * Flux<Path> arrived = FileWatch.changes(inbox, WatchOptions.defaults())
 *         .filter(event -> event.kind() == FileEvent.Kind.CREATED)
 *         .map(FileEvent::path);
 * }</pre>
 */
public final class FileWatch {
    private FileWatch() {}

    /**
     * Emits what happens in a folder after the subscription. Completes after the {@link FileEvent.Kind#DELETED} of the folder itself,
     * when that is deleted or moved away.
     *
     * <p>The watch begins on a worker soon after the subscription. What the system tells is gathered by a
     * {@link java.nio.file.WatchService}, one for each subscription, which has a thread of its own, and is asked for once in each
     * {@linkplain WatchOptions#withInterval interval}, timed by {@code Schedulers.parallel()}, while there is demand. The files that
     * were named are then looked at and compared with what was there before, so an event tells what is true at that moment. Who lists
     * the folder after the watch has begun, and applies the events to the list, has what is there. A cancel ends the watch.
     *
     * <ul>
     *   <li>A file that is created and deleted between two looks is not told. One that is created, written and closed meanwhile is
     *       {@code CREATED} only; one that is still written will be {@code CHANGED} too, and perhaps once more than it was.
     *   <li>A renaming within what is watched is one event, where the system numbers its files and both names fall into the same
     *       look; else the one name is {@code DELETED} and the other {@code CREATED}. A file that the new name stood for is gone
     *       without being told.
     *   <li>What a new folder holds by the time it is watched is found by looking, and told as {@code CREATED}. A folder that may not
     *       be read is told and not entered.
     *   <li>Without demand nothing is asked for. The system keeps 512 events for each folder, and the rest is told as
     *       {@link FileEvent.Kind#OVERFLOWED}; what is there is then found by looking.
     * </ul>
     *
     * <p>Fails with {@link PathNotFoundException} for a folder that is not there, and with {@link FileIoException} for what is none, for
     * more entries than {@link WatchOptions#withMaxEntries}, and where the system's own limits are reached: on Linux 128 watches
     * for each user ({@code fs.inotify.max_user_instances}), and a number of folders.
     *
     * @param folder the folder
     * @param options how deep, how often, how many
     * @return the events
     */
    public static Flux<FileEvent> changes(Path folder, WatchOptions options) {
        FileOperation operation = new FileOperation("watch", folder);
        return CursorFlux.polling(
                operation,
                () -> WatchCursor.open(operation.path(), options),
                options.interval(),
                Offload::blockingScheduler);
    }
}
