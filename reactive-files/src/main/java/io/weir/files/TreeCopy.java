package io.weir.files;

import io.weir.core.sync.Bracket;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One copying of a tree. The walk makes the folders and links as it meets them, so that each folder is there before the files
 * in it are copied, some at once. A new tree is made under a temporary name and gets its own when it is complete. What folders are
 * to have in the end waits until nothing is written to them any more.
 */
final class TreeCopy {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final FileOperation operation;
    private final Path source;
    private final Path target;
    private final CopyOptions options;
    private final Stepped.Progress progress;

    private final LongAdder files = new LongAdder();
    private final LongAdder folders = new LongAdder();
    private final LongAdder links = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Made by the walk, from one turn to the next, and read after its end. */
    private final Deque<Map.Entry<Path, BasicFileAttributes>> unfinished = new ArrayDeque<>();

    /** Set before the use of it begins. */
    private volatile @Nullable Scratch scratch;

    private volatile boolean over;

    private TreeCopy(FileOperation operation, Path target, CopyOptions options, Stepped.Progress progress) {
        this.operation = operation;
        this.source = operation.path();
        this.target = target;
        this.options = options;
        this.progress = progress;
    }

    static Mono<TreeSummary> create(FileOperation operation, Path target, CopyOptions options) {
        return Mono.deferContextual(context -> Bracket.using(
                Mono.fromSupplier(() -> new TreeCopy(operation, target, options, Stepped.progress(context))),
                TreeCopy::run,
                TreeCopy::release));
    }

    private Mono<TreeSummary> run() {
        return Stepped.<Path>once(operation, this::prepare)
                .flatMap(into -> walk().filter(entry -> isFile(entry, into))
                        .flatMap(entry -> copyFile(entry, into), options.concurrency())
                        .then(Stepped.inSteps(operation, none -> new Finish()))
                        .then(Stepped.<TreeSummary>once(operation, this::place)));
    }

    private Mono<Void> release() {
        over = true;
        Scratch made = scratch;
        return made == null ? Mono.empty() : made.release();
    }

    /** Where to copy to. */
    private Path prepare() throws IOException {
        BasicFileAttributes from = Placement.attributes(source, LinkOption.NOFOLLOW_LINKS);
        BasicFileAttributes there = Placement.attributesIfAny(target);
        if (there != null && !options.isReplacing()) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (!from.isDirectory()) {
            FileCopy.requirePlace(target, there, options);
            return target;
        }
        if (there != null && !there.isDirectory()) {
            throw new FileSystemException(target.toString(), null, "a folder does not replace a file");
        }
        Path beside = Placement.temporaryBeside(target);
        Path parent = beside.resolveSibling("").toRealPath();
        if ((there != null ? target.toRealPath() : parent).startsWith(source.toRealPath())) {
            throw new FileSystemException(target.toString(), null, "the target is inside of the source");
        }
        if (there != null) {
            return target;
        }
        scratch = new Scratch(operation, beside);
        return beside;
    }

    private Flux<WalkEntry> walk() {
        WalkOptions all = WalkOptions.defaults();
        return FileTree.walk(operation, options.onSkipped() == null ? all : all.withFailuresAsEntries());
    }

    private Path destination(WalkEntry entry, Path into) {
        return entry.depth() == 0 ? into : into.resolve(source.relativize(entry.path()));
    }

    /** Makes what is not a file, on the walk's worker. True: a file, or what will fail as one. */
    private boolean isFile(WalkEntry entry, Path into) {
        if (over) {
            return false;
        }
        if (entry.failure().isPresent()) {
            skip(entry.failure().get());
            return false;
        }
        if (!entry.isFolder() && !entry.isLink()) {
            return true;
        }
        Path to = destination(entry, into);
        try {
            if (entry.isFolder()) {
                makeFolder(to, entry.attributes());
                folders.increment();
            } else {
                LinkCopy.copy(entry.path(), to, options.isReplacing());
                links.increment();
            }
            report();
        } catch (IOException e) {
            if (!over) { // else this was cancelled, and the folder is gone
                skip(at(entry, to).failure(e));
            }
        }
        return false;
    }

    private void makeFolder(Path to, BasicFileAttributes from) throws IOException {
        try {
            Scratch fresh = scratch;
            if (fresh != null && to.equals(fresh.path())) {
                fresh.create(whileFilled(from));
            } else {
                Files.createDirectory(to, whileFilled(from));
            }
        } catch (FileAlreadyExistsException e) {
            if (!options.isReplacing() || !Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            if (!options.attributes()) {
                return;
            }
        }
        boolean closed = from instanceof PosixFileAttributes posix
                && !posix.permissions().containsAll(OWNER);
        if (options.attributes() || closed) {
            unfinished.push(Map.entry(to, from));
        }
    }

    private FileAttribute<?>[] whileFilled(BasicFileAttributes from) {
        if (!(from instanceof PosixFileAttributes posix)) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(OWNER);
        if (!options.attributes()) {
            permissions.addAll(posix.permissions());
        }
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    private Mono<Long> copyFile(WalkEntry entry, Path into) {
        Path to = destination(entry, into);
        Mono<Long> copy = Stepped.inSteps(
                        at(entry, to),
                        none -> new FileCopy(entry.path(), to, options, FileCopy.Links.REFUSE, Stepped.Progress.NONE))
                .doOnNext(copied -> {
                    files.increment();
                    bytes.add(copied);
                    report();
                });
        return options.onSkipped() == null
                ? copy
                : copy.onErrorResume(FileException.class, failure -> {
                    skip(failure);
                    return Mono.empty();
                });
    }

    private FileOperation at(WalkEntry entry, Path to) {
        return new FileOperation(operation.name(), entry.path(), entry.depth() == 0 ? target : to);
    }

    private void skip(FileException failure) {
        Consumer<? super FileException> onSkipped = options.onSkipped();
        if (onSkipped == null) {
            throw failure;
        }
        failures.increment();
        onSkipped.accept(failure);
    }

    private void report() {
        progress.report(files.sum() + folders.sum() + links.sum(), -1);
    }

    private TreeSummary place() throws IOException {
        Scratch made = scratch;
        if (made != null && made.keep(target) && options.isForMove()) {
            Placement.forceFolder(made.path().resolveSibling(""));
        }
        return new TreeSummary(files.sum(), folders.sum(), links.sum(), bytes.sum(), failures.sum());
    }

    /** Gives folders what they are to have, the deepest first. */
    private final class Finish extends Steps<Boolean> {
        @Override
        boolean step() throws IOException {
            Map.Entry<Path, BasicFileAttributes> next = unfinished.poll();
            if (next == null) {
                return false;
            }
            if (options.attributes()) {
                Placement.takeOver(next.getValue(), next.getKey());
            } else if (next.getValue() instanceof PosixFileAttributes from) {
                Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(next.getKey());
                permissions.retainAll(from.permissions());
                Files.setPosixFilePermissions(next.getKey(), permissions);
            }
            if (options.isForMove()) {
                Placement.forceFolder(next.getKey());
            }
            return true;
        }

        @Override
        Boolean result() {
            return true;
        }

        @Override
        public void close() {}
    }
}
