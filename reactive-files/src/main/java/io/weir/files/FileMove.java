package io.weir.files;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A rename; where the target is on another file system, a copy that is forced to the device before the source is deleted. The
 * result is true, or false for a folder that has to be copied.
 */
final class FileMove extends Steps<Boolean> {
    private final Path source;
    private final Path target;
    private final boolean replacing;
    private final Stepped.Progress progress;

    private @Nullable FileCopy copy;
    private boolean treeIsLeft;

    FileMove(Path source, Path target, boolean replacing, Stepped.Progress progress) {
        this.source = source;
        this.target = target;
        this.replacing = replacing;
        this.progress = progress;
    }

    @Override
    boolean step() throws IOException {
        FileCopy across = copy;
        if (across == null) {
            return begin();
        }
        if (!across.step()) {
            Files.delete(source);
            return false;
        }
        return true;
    }

    @Override
    Boolean result() {
        return !treeIsLeft;
    }

    private boolean begin() throws IOException {
        BasicFileAttributes moved = Placement.attributes(source, LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes there = Placement.attributesIfAny(target);
        if (there != null && Placement.isSame(moved, there)) {
            return false; // nothing to do, as Files.move has it
        }
        if (there != null && !replacing) {
            throw new FileAlreadyExistsException(target.toString());
        }
        try {
            if (replacing) {
                Placement.replace(source, target);
            } else {
                Placement.renameIfAbsent(source, target, moved.isDirectory());
            }
            return false;
        } catch (AtomicMoveNotSupportedException e) {
            return across(moved, there);
        }
    }

    private boolean across(BasicFileAttributes moved, @Nullable BasicFileAttributes there) throws IOException {
        if (moved.isDirectory()) {
            if (there != null) {
                makeWay(there);
            }
            treeIsLeft = true;
            return false;
        }
        CopyOptions options = CopyOptions.defaults().forMove();
        if (moved.isSymbolicLink()) {
            FileCopy.requirePlace(target, there, replacing ? options.replacing() : options);
            LinkCopy.copy(source, target, replacing);
            Files.delete(source);
            return false;
        }
        FileCopy.requireFile(source, moved);
        copy = new FileCopy(source, target, replacing ? options.replacing() : options, FileCopy.Links.REFUSE, progress);
        return true;
    }

    /** As a rename has it: a folder replaces an empty folder, and nothing else. */
    private void makeWay(BasicFileAttributes there) throws IOException {
        if (!there.isDirectory()) {
            throw new FileSystemException(target.toString(), null, "a folder does not replace a file");
        }
        Files.delete(target);
    }

    static Mono<Void> create(FileOperation operation, Path target, boolean replacing) {
        Path source = operation.path();
        return Stepped.inSteps(operation, progress -> new FileMove(source, target, replacing, progress))
                .filter(moved -> !moved)
                .flatMap(left -> TreeCopy.create(
                                operation, target, CopyOptions.defaults().forMove())
                        .then(Stepped.inSteps(
                                operation,
                                progress ->
                                        new TreeDeletion(operation, () -> Place.of(source), Stepped.Progress.NONE))))
                .then();
    }

    @Override
    public void close() throws IOException {
        if (copy != null) {
            copy.close();
        }
    }
}
