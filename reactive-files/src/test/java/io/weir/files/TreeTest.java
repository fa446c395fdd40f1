package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class TreeTest {
    private final Path folder;
    private final Path source;
    private final Path target;

    TreeTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.source = Files.createDirectory(folder.resolve("source"));
        this.target = folder.resolve("target");
    }

    @Nested
    class Copy {
        @Test
        void isTheSameTree() throws IOException {
            make("a/b/file", "a/other", "empty/", "top");
            Files.createSymbolicLink(source.resolve("a/link"), Path.of("../top"));
            Files.createSymbolicLink(source.resolve("nowhere"), Path.of("/missing"));
            assertThat(FileTree.copy(source, target).block())
                    .isEqualTo(new TreeSummary(3, 4, 2, "a/b/file".length() + "a/other".length() + "top".length(), 0));
            assertThat(describe(target)).isEqualTo(describe(source));
            assertOnly("source", "target");
        }

        @Test
        void ofAFileOrALinkIsOne() throws IOException {
            make("file");
            Files.createSymbolicLink(source.resolve("link"), Path.of("file"));
            assertThat(FileTree.copy(source.resolve("file"), target).block()).isEqualTo(new TreeSummary(1, 0, 0, 4, 0));
            assertThat(target).hasContent("file");
            FileTree.copy(source.resolve("link"), target, CopyOptions.defaults().replacing())
                    .block();
            assertThat(Files.readSymbolicLink(target)).isEqualTo(Path.of("file"));
        }

        @Test
        void takesAttributesAlongWhenAskedFor() throws IOException {
            make("a/file");
            FileTime then = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
            Files.setPosixFilePermissions(source.resolve("a"), PosixFilePermissions.fromString("r-xr-x---"));
            for (Path path : List.of(source.resolve("a/file"), source.resolve("a"), source)) {
                Files.setLastModifiedTime(path, then);
            }
            FileTree.copy(source, target, CopyOptions.defaults().withAttributes())
                    .block();
            for (String name : List.of("", "a", "a/file")) {
                assertThat(Files.getLastModifiedTime(target.resolve(name))).isEqualTo(then);
                assertThat(Files.getPosixFilePermissions(target.resolve(name)))
                        .isEqualTo(Files.getPosixFilePermissions(source.resolve(name)));
            }
        }

        @Test
        void ofAFolderNobodyMayWriteToIsComplete() throws IOException {
            make("a/file");
            Files.setPosixFilePermissions(source.resolve("a"), PosixFilePermissions.fromString("r-xr-x---"));
            FileTree.copy(source, target).block();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("a"))))
                    .isEqualTo("r-xr-x---");
            assertThat(target.resolve("a/file")).hasContent("a/file");
        }

        @Test
        void ontoATreeReplacesWhatBothHave() throws IOException {
            make("a/file", "b");
            WalkTest.make(target, "a/old");
            Files.writeString(target.resolve("a/file"), "old");
            StepVerifier.create(FileTree.copy(source, target)).verifyError(FileExistsException.class);
            assertThat(target.resolve("a/file")).hasContent("old");
            FileTree.copy(source, target, CopyOptions.defaults().replacing()).block();
            assertThat(target.resolve("a/file")).hasContent("a/file");
            assertThat(target.resolve("a/old")).exists();
            assertThat(target.resolve("b")).exists();
        }

        @Test
        void doesNotWriteThroughALinkThatIsInTheWay() throws IOException {
            make("a/file");
            Path outside = Files.createDirectory(folder.resolve("outside"));
            Files.createDirectory(target);
            Files.createSymbolicLink(target.resolve("a"), outside);
            StepVerifier.create(
                            FileTree.copy(source, target, CopyOptions.defaults().replacing()))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(FileExistsException.class, exists -> {
                                assertThat(exists.path()).isEqualTo(source.resolve("a"));
                                assertThat(exists.target()).hasValue(target.resolve("a"));
                            }));
            assertThat(outside).isEmptyDirectory();
        }

        @Test
        void intoItselfIsRefused() throws IOException {
            make("a/file");
            Files.createSymbolicLink(folder.resolve("link"), source.resolve("a"));
            for (Path inside : List.of(source.resolve("a/copy"), folder.resolve("link/copy"))) {
                StepVerifier.create(FileTree.copy(source, inside))
                        .verifyErrorSatisfies(e -> assertThat(e)
                                .isInstanceOf(FileIoException.class)
                                .hasMessageEndingWith("the target is inside of the source"));
            }
            assertThat(source.resolve("a")).isDirectoryContaining(path -> path.endsWith("file"));
        }

        @Test
        void thatFailsLeavesNothing() throws IOException {
            make("a/file", "b/file");
            FaultTest.makePipe(source.resolve("b/pipe"));
            StepVerifier.create(FileTree.copy(source, target))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    FileIoException.class,
                                    failure -> assertThat(failure.path()).isEqualTo(source.resolve("b/pipe")))
                            .hasMessageEndingWith("not a regular file"));
            assertOnly("source");
        }

        @Test
        void canGoOnAfterAFailure() throws IOException {
            make("a/file", "b/file");
            FaultTest.makePipe(source.resolve("b/pipe"));
            List<FileException> told = new CopyOnWriteArrayList<>();
            assertThat(FileTree.copy(source, target, CopyOptions.defaults().skippingFailures(told::add))
                            .block())
                    .isEqualTo(new TreeSummary(2, 3, 0, 12, 1));
            assertThat(told).hasSize(1);
            assertThat(target.resolve("b/file")).exists();
        }

        @Test
        void isNotThereBeforeItIsComplete() throws IOException {
            for (int i = 0; i < 50; i++) {
                make("f" + i);
            }
            StepVerifier.create(FileTree.copy(source, target))
                    .expectSubscription()
                    .then(() -> OpenFiles.eventually(() -> names().size() == 2))
                    .then(() -> assertThat(Files.exists(target) && count(target) < 51)
                            .isFalse())
                    .thenCancel()
                    .verify();
            OpenFiles.eventually(
                    () -> names().stream().noneMatch(name -> name.startsWith(".weir-")) && !names().isEmpty());
            OpenFiles.assertNoneUnder(folder);
        }

        @Test
        void tellsItsTaskHowManyEntriesAreDone() throws IOException {
            make("a/file", "b");
            List<Task.Progress> told = new ArrayList<>();
            TaskGroup.using(group -> {
                        Task<TreeSummary> task = group.start("copy", FileTree.copy(source, target));
                        return task.join().doOnNext(sum -> task.progress().ifPresent(told::add));
                    })
                    .block();
            assertThat(told).containsExactly(new Task.Progress(4, -1));
        }
    }

    @Nested
    class Delete {
        @Test
        void takesAllAndCountsIt() throws IOException {
            make("a/b/c/file", "a/other", "top");
            assertThat(FileTree.delete(source).block()).isEqualTo(7);
            assertOnly();
        }

        @Test
        void takesLinksAndNotWhatTheyPointTo() throws IOException {
            WalkTest.make(folder, "outside/file");
            Files.createSymbolicLink(source.resolve("link"), folder.resolve("outside"));
            assertThat(FileTree.delete(source).block()).isEqualTo(2);
            Files.createSymbolicLink(target, folder.resolve("outside"));
            assertThat(FileTree.delete(target).block()).isEqualTo(1);
            assertThat(folder.resolve("outside/file")).exists();
        }

        @Test
        void ofWhatIsNotThereIsAnError() {
            StepVerifier.create(FileTree.delete(target))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    PathNotFoundException.class,
                                    missing -> assertThat(missing.operation()).isEqualTo("deleteTree")));
        }

        @Test
        void ofARootIsRefusedBeforeAnythingIsDeleted() throws IOException {
            make("a/file");
            for (Path root : List.of(source.resolve("."), source.resolve("a/.."))) {
                StepVerifier.create(FileTree.delete(root)).verifyError(FileIoException.class);
            }
            assertThat(source.resolve("a/file")).exists();
        }

        @Test
        void goesThroughAFolderAgainThatIsFilledAgain() throws IOException {
            make("a/file");
            FileOperation operation = new FileOperation("deleteTree", source);
            try (TreeDeletion deletion = new TreeDeletion(operation, () -> Place.of(source), Stepped.Progress.NONE)) {
                for (int step = 0; step < 3; step++) {
                    deletion.step();
                }
                make("a/late");
                while (deletion.step()) {}
                assertThat(deletion.result()).isEqualTo(4);
            }
            assertOnly();
        }

        @Test
        void doesNotGoThroughALinkThatTakesAFoldersPlace() throws Exception {
            AtomicBoolean over = new AtomicBoolean();
            WalkTest.make(folder, "outside/precious");
            Files.createSymbolicLink(folder.resolve("link"), folder.resolve("outside"));
            Thread attacker = new Thread(() -> {
                while (!over.get()) {
                    folder.resolve("link").toFile().renameTo(source.resolve("a").toFile());
                    source.resolve("a").toFile().renameTo(folder.resolve("link").toFile());
                    folder.resolve("spare").toFile().mkdir();
                    folder.resolve("spare")
                            .toFile()
                            .renameTo(source.resolve("a").toFile());
                }
            });
            attacker.start();
            try {
                for (int round = 0; round < 300; round++) {
                    Files.createDirectories(source);
                    FileTree.delete(source).onErrorComplete(FileException.class).block();
                    assertThat(folder.resolve("outside/precious")).exists();
                }
            } finally {
                over.set(true);
                attacker.join();
            }
            assertThat(folder.resolve("outside/precious")).exists();
        }
    }

    private long count(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void make(String... paths) {
        for (String path : paths) {
            WalkTest.make(source, path);
        }
    }

    private void assertOnly(String... names) {
        assertThat(names()).containsExactly(names);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String describe(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted().map(path -> describe(root, path)).collect(Collectors.joining("\n"));
        }
    }

    private static String describe(Path root, Path path) {
        try {
            String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                return name + " -> " + Files.readSymbolicLink(path);
            }
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    ? name + "/"
                    : name + "=" + Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
