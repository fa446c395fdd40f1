package io.weir.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import reactor.core.publisher.Mono;

/**
 * A folder that is not to stay, unless it is kept. What a cancelled operation still creates in it is deleted too, and after
 * that nothing can be created there any more; so a temporary file has a folder of its own.
 *
 * <ul>
 *   <li>State: NEW, MADE, or OVER.
 *   <li>Writers: {@link #create} and {@link #keep}, from the use; {@link #end}, from the release, maybe while a cancelled use is still
 *       in one of the others. Each under this object's lock, on a worker; no user code.
 *   <li>Invariant: the folder is not made when it is OVER. Who finds it MADE at its end deletes it.
 * </ul>
 */
final class Scratch {
    private enum State {
        NEW,
        MADE,
        OVER
    }

    private final FileOperation operation;
    private final Path path;
    private State state = State.NEW;

    Scratch(FileOperation operation, Path path) {
        this.operation = operation;
        this.path = path;
    }

    Path path() {
        return path;
    }

    synchronized void create(FileAttribute<?>... attributes) throws IOException {
        if (state == State.NEW) {
            Files.createDirectory(path, attributes);
            state = State.MADE;
        }
    }

    /** Gives the folder its own name, under which it stays. False: it came too late. */
    synchronized boolean keep(Path name) throws IOException {
        if (state != State.MADE) {
            return false;
        }
        Placement.renameIfAbsent(path, name, true);
        state = State.OVER;
        return true;
    }

    private synchronized boolean end() {
        boolean made = state == State.MADE;
        state = State.OVER;
        return made;
    }

    /** Deletes the folder, if it was made and not kept. */
    Mono<Void> release() {
        return Stepped.<Boolean>once(operation, this::end)
                .filter(made -> made)
                .flatMap(made -> Stepped.inSteps(
                        operation,
                        progress -> new TreeDeletion(operation, () -> Place.of(path), Stepped.Progress.NONE)))
                .onErrorComplete(PathNotFoundException.class) // somebody else has deleted it
                .then();
    }
}
