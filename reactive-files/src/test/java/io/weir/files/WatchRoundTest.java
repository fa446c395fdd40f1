package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one look finds, whatever the system has told: every name is looked at. */
class WatchRoundTest {
    private final Path folder;
    private WatchCursor watch;

    WatchRoundTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void begin() throws IOException {
        write("a", "1");
        write("b", "22");
        Files.createDirectories(folder.resolve("sub/deep"));
        write("sub/x", "333");
        write("sub/deep/y", "4444");
        watch = WatchCursor.open(folder, WatchOptions.defaults().recursive());
    }

    @AfterEach
    void end() throws IOException {
        watch.close();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void move(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> look() throws IOException {
        WatchRound round = new WatchRound(watch);
        addAll(watch.root(), round);
        round.tell();
        List<String> told = new ArrayList<>();
        for (FileEvent event = watch.poll(); event != null; event = watch.poll()) {
            told.add(event.toString().replace(folder + "/", ""));
        }
        return told;
    }

    private static void addAll(WatchedEntry entry, WatchRound round) throws IOException {
        WatchCursor.lookAtAll(entry, round);
        for (WatchedEntry child : entry.children()) {
            if (child.key() != null) {
                addAll(child, round);
            }
        }
    }

    @Test
    void findsNothingWhereNothingHappened() throws IOException {
        assertThat(look()).isEmpty();
    }

    @Test
    void tellsFilesThatCameChangedAndWent() throws IOException {
        write("new", "");
        write("a", "longer");
        Files.delete(folder.resolve("sub/x"));
        assertThat(look()).containsExactly("DELETED sub/x", "CREATED new", "CHANGED a");
        assertThat(look()).isEmpty();
    }

    @Test
    void tellsARenamingWithinAFolderAndToAnother() throws IOException {
        move("a", "c");
        move("sub/deep/y", "y");
        assertThat(look()).containsExactlyInAnyOrder("RENAMED a to c", "RENAMED sub/deep/y to y");
    }

    @Test
    void tellsAFolderThatWasRenamedOnceWithAllItHolds() throws IOException {
        move("sub", "other");
        assertThat(look()).containsExactly("RENAMED sub to other");
        Files.delete(folder.resolve("other/deep/y"));
        write("other/deep/z", "z");
        assertThat(look()).containsExactly("DELETED other/deep/y", "CREATED other/deep/z");
    }

    @Test
    void seesWhatHappenedInAFolderThatWasRenamed() throws IOException {
        write("sub/deep/y", "longer");
        move("sub", "other");
        Files.delete(folder.resolve("other/x"));
        assertThat(look()).containsExactly("RENAMED sub to other", "DELETED other/x", "CHANGED other/deep/y");
    }

    @Test
    void tellsAllThatWentWithAFolder() throws IOException {
        Path outside = Files.createTempDirectory(folder.getParent(), "outside");
        try {
            Files.move(folder.resolve("sub"), outside.resolve("sub"));
            List<String> told = look();
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "DELETED sub/x", "DELETED sub/deep/y", "DELETED sub/deep", "DELETED sub");
            assertThat(told.indexOf("DELETED sub/deep/y")).isLessThan(told.indexOf("DELETED sub/deep"));
            assertThat(told).last().isEqualTo("DELETED sub");
            Files.move(outside.resolve("sub"), folder.resolve("sub"));
            assertThat(look()).hasSize(4).first().isEqualTo("CREATED sub");
        } finally {
            Files.delete(outside);
        }
    }

    @Test
    void tellsAFileThatWasReplacedAsChanged() throws IOException {
        write("fresh", "new");
        move("fresh", "a");
        assertThat(look()).containsExactly("CHANGED a");
        move("b", "a");
        assertThat(look()).containsExactly("RENAMED b to a");
        assertThat(look()).isEmpty();
    }

    @Test
    void tellsARowOfRenamingsInAnOrderThatCanBeApplied() throws IOException {
        move("b", "c");
        move("a", "b");
        move("sub/x", "a");
        assertThat(look()).containsExactly("RENAMED b to c", "RENAMED a to b", "RENAMED sub/x to a");
    }

    @Test
    void takesExchangedNamesForNew() throws IOException {
        move("a", "t");
        move("b", "a");
        move("t", "b");
        assertThat(look()).containsExactlyInAnyOrder("CHANGED a", "CHANGED b");
        move("sub/deep", "t");
        move("sub", "deep");
        move("t", "sub");
        assertThat(look())
                .containsExactly(
                        "RENAMED sub to deep",
                        "CREATED sub",
                        "CREATED sub/y",
                        "DELETED deep/deep/y",
                        "DELETED deep/deep");
        WatchedEntry sub = watch.root().child(Path.of("sub"));
        assertThat(sub.key().isValid()).isTrue();
    }

    @Test
    void tellsAFolderThatBecameAFile() throws IOException {
        FileTree.delete(folder.resolve("sub")).block();
        write("sub", "file");
        assertThat(look()).hasSize(5).contains("DELETED sub").last().isEqualTo("CREATED sub");
    }

    @Test
    void followsNoLinkOutOfTheFolder() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.getParent());
        assertThat(look()).containsExactly("CREATED link");
    }
}
