package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class MoveTest {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path folder;

    MoveTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Nested
    class Here {
        @Test
        void isARename() throws IOException {
            Path source = Files.writeString(folder.resolve("source"), "x");
            Object key = Files.getAttribute(source, "unix:ino");
            Path target = folder.resolve("target");
            StepVerifier.create(AsyncFiles.move(source, target)).verifyComplete();
            assertThat(Files.getAttribute(target, "unix:ino")).isEqualTo(key);
            assertThat(Files.getAttribute(target, "unix:nlink")).isEqualTo(1);
            assertThat(source).doesNotExist();
        }

        @Test
        void takesALinkAndAFolderAsTheyAre() throws IOException {
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
            AsyncFiles.move(link, folder.resolve("moved")).block();
            assertThat(Files.readSymbolicLink(folder.resolve("moved"))).isEqualTo(Path.of("nowhere"));
            WalkTest.make(folder, "tree/a/file");
            AsyncFiles.move(folder.resolve("tree"), folder.resolve("other")).block();
            assertThat(folder.resolve("other/a/file")).exists();
            assertThat(folder.resolve("tree")).doesNotExist();
        }

        @Test
        void replacesNothingUnlessAskedFor() throws IOException {
            Path source = Files.writeString(folder.resolve("source"), "new");
            Path target = Files.writeString(folder.resolve("target"), "old");
            StepVerifier.create(AsyncFiles.move(source, target))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    FileExistsException.class,
                                    exists -> assertThat(exists.target()).hasValue(target)));
            assertThat(target).hasContent("old");
            AsyncFiles.moveReplacing(source, target).block();
            assertThat(target).hasContent("new");
            assertThat(source).doesNotExist();
        }
    }

    @Nested
    class Across {
        private Path there = folder;

        @BeforeEach
        void makeAFolderOnAnotherFileSystem() throws IOException {
            assumeTrue(Files.isWritable(SHARED_MEMORY), "no second file system here");
            assumeFalse(Files.getFileStore(SHARED_MEMORY).equals(Files.getFileStore(folder)), "it is the same one");
            there = Files.createTempDirectory(SHARED_MEMORY, "weir");
        }

        @AfterEach
        void removeIt() {
            if (!there.equals(folder)) {
                FileTree.delete(there).block();
            }
        }

        @Test
        void takesAFileWithItsAttributes() throws IOException {
            Path source = Files.writeString(folder.resolve("source"), "x");
            FileTime then = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
            Files.setLastModifiedTime(source, then);
            Path target = there.resolve("target");
            AsyncFiles.move(source, target).block();
            assertThat(target).hasContent("x");
            assertThat(Files.getLastModifiedTime(target)).isEqualTo(then);
            assertThat(source).doesNotExist();
            assertOnly(there, "target");
        }

        @Test
        void replacesOnlyWhenAskedFor() throws IOException {
            Path source = Files.writeString(folder.resolve("source"), "new");
            Path target = Files.writeString(there.resolve("target"), "old");
            StepVerifier.create(AsyncFiles.move(source, target)).verifyError(FileExistsException.class);
            assertThat(source).exists();
            assertThat(target).hasContent("old");
            AsyncFiles.moveReplacing(source, target).block();
            assertThat(target).hasContent("new");
            assertOnly(there, "target");
        }

        @Test
        void takesATreeWithItsLinks() throws IOException {
            WalkTest.make(folder, "tree/a/file");
            Files.createSymbolicLink(folder.resolve("tree/link"), Path.of("a/file"));
            String before = TreeTest.describe(folder.resolve("tree"));
            AsyncFiles.move(folder.resolve("tree"), there.resolve("tree")).block();
            assertThat(TreeTest.describe(there.resolve("tree"))).isEqualTo(before);
            assertThat(folder.resolve("tree")).doesNotExist();
            assertOnly(there, "tree");
        }

        @Test
        void aTreeReplacesAnEmptyFolderAndNothingElse() throws IOException {
            WalkTest.make(folder, "tree/file");
            WalkTest.make(there, "full/file");
            WalkTest.make(there, "empty/");
            WalkTest.make(there, "file");
            for (String taken : List.of("full", "file")) {
                StepVerifier.create(AsyncFiles.moveReplacing(folder.resolve("tree"), there.resolve(taken)))
                        .verifyError(FileIoException.class);
            }
            AsyncFiles.moveReplacing(folder.resolve("tree"), there.resolve("empty"))
                    .block();
            assertThat(there.resolve("empty/file")).exists();
            assertThat(folder.resolve("tree")).doesNotExist();
        }

        @Test
        void ofALinkMakesItAnew() throws IOException {
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
            Files.writeString(there.resolve("target"), "old");
            AsyncFiles.moveReplacing(link, there.resolve("target")).block();
            assertThat(Files.readSymbolicLink(there.resolve("target"))).isEqualTo(Path.of("nowhere"));
            assertOnly(there, "target");
        }

        @Test
        void losesNothingThatIsWrittenMeanwhile() throws IOException {
            Path source = Files.write(folder.resolve("source"), new byte[4 << 20]);
            Path target = there.resolve("target");
            FileMove move = new FileMove(source, target, false, Stepped.Progress.NONE);
            move.step();
            move.step();
            Files.writeString(source, "changed");
            try (move) {
                Assertions.assertThatThrownBy(() -> {
                            while (move.step()) {}
                        })
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining("changed while it was moved");
            }
            assertThat(source).hasContent("changed");
            assertOnly(there);
        }

        @Test
        void aCancelLeavesOneOfTheTwo() throws IOException {
            byte[] content = new byte[32 << 20];
            new Random(1).nextBytes(content);
            Path source = Files.write(folder.resolve("source"), content);
            StepVerifier.create(AsyncFiles.move(source, there.resolve("target")))
                    .expectSubscription()
                    .then(() ->
                            OpenFiles.eventually(() -> !OpenFiles.under(there).isEmpty()))
                    .thenCancel()
                    .verify();
            OpenFiles.assertNoneUnder(there);
            OpenFiles.eventually(() -> names(there).stream().noneMatch(name -> name.startsWith(".weir-")));
            assertThat(Files.exists(source) || Files.exists(there.resolve("target")))
                    .isTrue();
        }
    }

    private static void assertOnly(Path folder, String... names) {
        assertThat(names(folder)).containsExactly(names);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
