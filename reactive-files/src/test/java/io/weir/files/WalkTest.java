package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class WalkTest {
    private static final WalkOptions SORTED = WalkOptions.defaults().sorted();

    private final Path folder;
    private final Path root;

    WalkTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.root = Files.createDirectory(folder.resolve("root"));
    }

    @Nested
    class Entries {
        @Test
        void areTheRootAndAllThatIsBelow() throws IOException {
            make("a/b/file", "a/file", "c", "d/");
            assertThat(walk(SORTED)).containsExactly("", "a", "a/b", "a/b/file", "a/file", "c", "d");
            StepVerifier.create(FileTree.walk(root, SORTED).last())
                    .assertNext(last -> {
                        assertThat(last.path()).isEqualTo(root.resolve("d"));
                        assertThat(last.depth()).isEqualTo(1);
                        assertThat(last.isFolder()).isTrue();
                        assertThat(last.isFile()).isFalse();
                        assertThat(last.attributes()).isInstanceOf(PosixFileAttributes.class);
                    })
                    .verifyComplete();
        }

        @Test
        void areThoseOfTheJdkInTreesOfEveryShape() throws IOException {
            Random random = new Random(5);
            for (int tree = 0; tree < 20; tree++) {
                Path at = Files.createDirectory(root.resolve("tree" + tree));
                List<Path> folders = new ArrayList<>(List.of(at));
                for (int i = 0; i < 60; i++) {
                    Path in = folders.get(folders.size() - 1 - random.nextInt(Math.min(folders.size(), 3)));
                    if (random.nextInt(3) > 0) {
                        folders.add(Files.createDirectory(in.resolve("d" + i)));
                    } else {
                        Files.createFile(in.resolve("f" + i));
                    }
                }
            }
            try (Stream<Path> jdk = Files.walk(root)) {
                List<Path> expected = jdk.sorted().toList();
                for (int open : new int[] {2, 3, 100}) {
                    WalkOptions options = WalkOptions.defaults().withMaxOpenFolders(open);
                    assertThat(paths(options)).containsExactlyInAnyOrderElementsOf(expected);
                    assertThat(paths(options.withFoldersLast())).containsExactlyInAnyOrderElementsOf(expected);
                    assertThat(paths(options.sorted())).containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        }

        private List<Path> paths(WalkOptions options) {
            List<Path> all = FileTree.walk(root, options)
                    .map(WalkEntry::path)
                    .collectList()
                    .block();
            assertThat(OpenFiles.under(folder)).isEmpty();
            return all == null ? List.of() : all;
        }

        @Test
        void comeBeforeOrAfterWhatTheyHold() throws IOException {
            make("a/b/file");
            assertThat(walk(SORTED)).containsExactly("", "a", "a/b", "a/b/file");
            assertThat(walk(SORTED.withFoldersLast())).containsExactly("a/b/file", "a/b", "a", "");
        }

        @Test
        void endAtTheDepthThatIsAskedFor() throws IOException {
            make("a/b/file", "c");
            assertThat(walk(SORTED.withMaxDepth(0))).containsExactly("");
            assertThat(walk(SORTED.withMaxDepth(1))).containsExactly("", "a", "c");
            assertThat(walk(SORTED.withMaxDepth(2))).containsExactly("", "a", "a/b", "c");
            assertThat(walk(SORTED.withMaxDepth(1).withFoldersLast())).containsExactly("a", "c", "");
        }

        @Test
        void areOneForAFile() throws IOException {
            Path file = Files.createFile(root.resolve("file"));
            StepVerifier.create(FileTree.walk(file).map(WalkEntry::path))
                    .expectNext(file)
                    .verifyComplete();
        }

        @Test
        void canBeThoseOfARelativePath() throws IOException {
            make("a/file");
            Path relative = Path.of("").toAbsolutePath().relativize(root.toAbsolutePath());
            StepVerifier.create(FileTree.walk(relative, SORTED).map(WalkEntry::path))
                    .expectNext(relative, relative.resolve("a"), relative.resolve("a/file"))
                    .verifyComplete();
            StepVerifier.create(
                            FileTree.walk(Path.of(""), SORTED.withMaxDepth(1).including("pom.xml"))
                                    .map(WalkEntry::path))
                    .expectNext(Path.of("pom.xml"))
                    .verifyComplete();
        }

        @Test
        void withNamesOfAnyBytesAreMet() throws Exception {
            int exit = new ProcessBuilder(
                            "sh", "-c", "mkdir \"$(printf 'd\\377')\" && touch \"$(printf 'd\\377/\\303')\"")
                    .directory(root.toFile())
                    .start()
                    .waitFor();
            assumeTrue(exit == 0, "names must be text here");
            List<WalkEntry> entries = FileTree.walk(root, SORTED).collectList().block();
            assertThat(entries).hasSize(3);
            assertThat(entries.get(2).path()).exists();
            assertThat(FileTree.copy(root, folder.resolve("copy")).block()).isEqualTo(new TreeSummary(1, 2, 0, 0, 0));
            assertThat(FileTree.delete(root).block()).isEqualTo(3);
        }
    }

    @Nested
    class Patterns {
        @Test
        void sayWhatIsEmitted() throws IOException {
            make("a/x.java", "a/b/y.java", "a/z.txt", "z.txt", "w.java");
            assertThat(walk(SORTED.including("**.java"))).containsExactly("a/b/y.java", "a/x.java", "w.java");
            assertThat(walk(SORTED.including("*.java"))).containsExactly("w.java");
            assertThat(walk(SORTED.including("*.java").including("*.txt"))).containsExactly("w.java", "z.txt");
        }

        @Test
        void sayWhatIsNotEntered() throws IOException {
            make(".git/x", "a/target/x", "a/y", "target/x");
            assertThat(walk(SORTED.excluding("{.git,**/target,target}"))).containsExactly("", "a", "a/y");
            assertThat(walk(SORTED.excluding(".git").excluding("{**/,}target"))).containsExactly("", "a", "a/y");
        }

        @Test
        void thatAreNoneAreRefusedAtOnce() {
            assertThatThrownBy(() -> WalkOptions.defaults().including("["))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Nested
    class Links {
        @Test
        void areNotFollowed() throws IOException {
            make("a/file");
            Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
            Files.createSymbolicLink(root.resolve("nowhere"), Path.of("missing"));
            assertThat(walk(SORTED)).containsExactly("", "a", "a/file", "link", "nowhere");
            assertThat(FileTree.walk(root).filter(WalkEntry::isLink).count().block())
                    .isEqualTo(2);
            StepVerifier.create(FileTree.walk(root.resolve("link")))
                    .assertNext(entry -> assertThat(entry.isLink()).isTrue())
                    .verifyComplete();
        }

        @Test
        void areFollowedWhenAskedFor() throws IOException {
            make("a/file");
            Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
            Files.createSymbolicLink(root.resolve("nowhere"), Path.of("missing"));
            assertThat(walk(SORTED.followingLinks().withMaxOpenFolders(2)))
                    .containsExactly("", "a", "a/file", "link", "link/file", "nowhere");
        }

        @Test
        void thatLeadBackAreAFailure() throws IOException {
            make("a/b/file");
            Files.createSymbolicLink(root.resolve("a/b/up"), Path.of(".."));
            StepVerifier.create(FileTree.walk(root, SORTED.followingLinks()))
                    .expectNextCount(4)
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    FileIoException.class,
                                    failure -> assertThat(failure.path()).isEqualTo(root.resolve("a/b/up")))
                            .hasMessageEndingWith("a symbolic link leads back to a folder on the way"));
            List<FileException> skipped = new ArrayList<>();
            assertThat(walk(SORTED.followingLinks().skippingFailures(skipped::add)))
                    .hasSize(4);
            assertThat(skipped).hasSize(1);
        }
    }

    @Nested
    class Failures {
        @Test
        void ofTheRootAreErrorsWithoutDemand() {
            StepVerifier.create(
                            FileTree.walk(
                                    root.resolve("missing"),
                                    WalkOptions.defaults().withFailuresAsEntries()),
                            0)
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(PathNotFoundException.class, missing -> {
                                assertThat(missing.path()).isEqualTo(root.resolve("missing"));
                                assertThat(missing.operation()).isEqualTo("walk");
                            }));
        }

        @Test
        void areEntriesWhenAskedFor() throws IOException {
            make("a/b/file", "z");
            Files.createSymbolicLink(root.resolve("a/self"), Path.of("self"));
            WalkOptions options = SORTED.followingLinks().withFailuresAsEntries();
            List<WalkEntry> failed = FileTree.walk(root, options)
                    .filter(entry -> entry.failure().isPresent())
                    .collectList()
                    .block();
            assertThat(failed).hasSize(1).allSatisfy(entry -> {
                assertThat(entry.path()).isEqualTo(root.resolve("a/self"));
                assertThat(entry.isFile() || entry.isFolder() || entry.isLink()).isFalse();
                assertThatThrownBy(entry::attributes).isInstanceOf(FileIoException.class);
            });
            assertThat(walk(options)).contains("a/b/file", "z");
        }

        @Test
        void ofOneWhoMovesAFolderMeanwhileLeadNobodyAstray() throws IOException {
            make("a/b/c/d/file", "a/other");
            Files.createDirectory(folder.resolve("elsewhere"));
            StepVerifier.create(
                            FileTree.walk(root, SORTED.withMaxOpenFolders(2)).map(entry -> relative(entry.path())), 5)
                    .expectNext("", "a", "a/b", "a/b/c", "a/b/c/d")
                    .then(() -> rename(root.resolve("a/b/c"), folder.resolve("elsewhere/c")))
                    .thenRequest(100)
                    .expectNext("a/b/c/d/file")
                    .verifyErrorSatisfies(e -> assertThat(e).hasMessageEndingWith("it was moved meanwhile"));
            OpenFiles.assertNoneUnder(folder);
        }
    }

    @Nested
    class Demand {
        @Test
        void isWhatFoldersAreReadFor() throws IOException {
            make("a/", "b/");
            StepVerifier.create(FileTree.walk(root, SORTED).map(entry -> relative(entry.path())), 2)
                    .expectNext("", "a")
                    .then(() -> make("b/late"))
                    .thenRequest(10)
                    .expectNext("b", "b/late")
                    .verifyComplete();
        }

        @Test
        void opensNoMoreFoldersThanAllowed() throws IOException {
            make("1/2/3/4/5/6/7/8/9/file");
            for (int open : new int[] {2, 4}) {
                int most = FileTree.walk(root, WalkOptions.defaults().withMaxOpenFolders(open))
                        .map(entry -> (int)
                                OpenFiles.under(folder).stream().distinct().count())
                        .reduce(Math::max)
                        .block();
                assertThat(most).isEqualTo(open);
            }
        }

        @Test
        void thatEndsClosesAllFolders() throws IOException {
            make("a/b/c/file");
            StepVerifier.create(FileTree.walk(root), 3)
                    .expectNextCount(3)
                    .thenCancel()
                    .verify();
            OpenFiles.assertNoneUnder(folder);
        }
    }

    @Test
    void aTreeDeeperThanAPathMayBeLongIsWalkedAndDeleted() throws Exception {
        int exit = new ProcessBuilder(
                        "sh",
                        "-c",
                        "i=0; while [ $i -lt 60 ]; do mkdir $0 && cd -P $0 || exit 1; i=$((i+1)); done",
                        "n".repeat(100))
                .directory(root.toFile())
                .start()
                .waitFor();
        assumeTrue(exit == 0, "no such deep folders here");
        assertThat(FileTree.walk(root).count().block()).isEqualTo(61);
        assertThat(FileTree.delete(root).block()).isEqualTo(61);
        assertThat(root).doesNotExist();
    }

    private List<String> walk(WalkOptions options) {
        List<String> all = FileTree.walk(root, options)
                .map(entry -> relative(entry.path()))
                .collectList()
                .block();
        return all == null ? List.of() : all;
    }

    private String relative(Path path) {
        return root.relativize(path).toString();
    }

    private static void rename(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void make(String... paths) {
        for (String path : paths) {
            make(root, path);
        }
    }

    static void make(Path root, String path) {
        try {
            Path made = root.resolve(path);
            if (path.endsWith("/")) {
                Files.createDirectories(made);
            } else {
                Files.createDirectories(made.getParent());
                Files.writeString(made, path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
