package io.weir.files;

import io.weir.core.offload.Offload;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Trees of files: walked through, copied, deleted. What the description of {@link AsyncFiles} says holds here too: the work is done
 * in short steps on the workers, and a cancel is noticed between two of them.
 *
 * <pre>{@code
 * Mono<Long> size = FileTree.walk(folder, WalkOptions.defaults().including("**.java"))
 *         .filter(WalkEntry::isFile)
 *         .reduce(0L, (sum, entry) -> sum + entry.attributes().size());
 *
 * Mono<TreeSummary> copied = FileTree.copy(folder, backup);
 *
 * Mono<Long> deleted = FileTree.delete(folder);
 * }</pre>
 *
 * <p>Where the platform can open files by folder and name, as Linux and macOS can, a link that takes the place of a folder
 * meanwhile leads no walk and no deletion out of the tree. On Windows it may.
 *
 * <p>In a task, {@code copy} and {@code delete} {@linkplain io.weir.core.task.Task#report report} how many entries are done.
 */
public final class FileTree {
    private FileTree() {}

    /**
     * Walks through all of a tree, as {@link #walk(Path, WalkOptions)} does.
     *
     * @param root a folder, or a file or link, which is then all there is
     * @return the entries
     */
    public static Flux<WalkEntry> walk(Path root) {
        return walk(root, WalkOptions.defaults());
    }

    /**
     * Emits the root and all that is below it, depth first. Folders are read as entries are asked for, so what is created or
     * deleted meanwhile may be met or not; what vanishes before it is looked at is left out.
     *
     * <p>Fails with {@link PathNotFoundException} for a root that is not there. A folder that cannot be read is an entry and a failure.
     * A failure names the path at which it happened. Where a tree is deeper than the folders that may be open, and one of them is moved
     * during the walk, that is an error too, whatever the options say.
     *
     * @param root a folder, or a file or link, which is then all there is
     * @param options how deep, in what order, which of the entries
     * @return the entries
     */
    public static Flux<WalkEntry> walk(Path root, WalkOptions options) {
        return walk(new FileOperation("walk", root), options);
    }

    static Flux<WalkEntry> walk(FileOperation operation, WalkOptions options) {
        return walk(operation, options, () -> Place.of(operation.path()));
    }

    static Flux<WalkEntry> walk(FileOperation operation, WalkOptions options, Place.Opener opener) {
        return CursorFlux.create(
                operation, () -> TreeCursor.open(operation, options, opener), Offload::blockingScheduler);
    }

    /**
     * Copies a tree to where nothing is, as {@link #copy(Path, Path, CopyOptions)} does.
     *
     * @param source a folder, or a file or link
     * @param target what it is to be, in a folder that is there
     * @return what was copied
     */
    public static Mono<TreeSummary> copy(Path source, Path target) {
        return copy(source, target, CopyOptions.defaults());
    }

    /**
     * Copies a tree and emits what was copied. Links stay links and point to what they did; what is neither file, folder nor
     * link is a failure.
     *
     * <p>A new tree grows under a temporary name beside the target, {@code .weir-*.tmp}, and is renamed when it is complete: after
     * an error or a cancel it is gone. With {@link CopyOptions#replacing} and a folder that is there, each file in it is the old one
     * or the new, whole, and after an error or a cancel what was copied stays.
     *
     * <p>Errors name the path at which they happened, and where that was to go. Fails with {@link FileExistsException} for a target
     * that is there, and with {@link FileIoException} for one inside of the source.
     *
     * @param source a folder, or a file or link
     * @param target what it is to be, in a folder that is there
     * @param options what becomes of what is there, attributes, failures, how many files at once
     * @return what was copied
     */
    public static Mono<TreeSummary> copy(Path source, Path target, CopyOptions options) {
        return TreeCopy.create(new FileOperation("copyTree", source, target), target, options);
    }

    /**
     * Deletes a tree and emits how many files, folders and links that were. A link is deleted and what it points to is not, the
     * root included.
     *
     * <p>A folder that is filled again meanwhile is gone through again, up to 300 times. What somebody else deletes meanwhile is not
     * counted. After an error or a cancel, what is not deleted stays.
     *
     * @param root a folder, or a file or link
     * @return how many entries were deleted
     */
    public static Mono<Long> delete(Path root) {
        FileOperation operation = new FileOperation("deleteTree", root);
        return Stepped.inSteps(operation, progress -> new TreeDeletion(operation, () -> Place.of(root), progress));
    }
}
