package io.weir.demos.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CopyCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private Path source;
    private Path target;

    @BeforeEach
    void place() throws IOException {
        source = Files.createDirectory(folder.resolve("source"));
        target = folder.resolve("target");
        Files.writeString(source.resolve("a"), "alpha");
        Files.writeString(Files.createDirectory(source.resolve("in")).resolve("b"), "beta");
    }

    @Test
    void whatWasCopiedIsEqualAndSaidToBe() throws IOException {
        assertThat(copy(source, target)).isZero();
        assertThat(out.toString())
                .isEqualToNormalizingNewlines(
                        "copied: 2 files, 2 folders, 0 links, 9 bytes\nverified: the copy is equal\n");
        assertThat(target.resolve("in/b")).hasContent("beta");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void oneFileIsATreeToo() {
        assertThat(copy(source.resolve("a"), target)).isZero();
        assertThat(target).hasContent("alpha");
    }

    @Test
    void everyKindOfDifferenceIsFound() throws IOException {
        copy(source, target);
        Files.createSymbolicLink(source.resolve("link"), Path.of("a"));
        Files.createSymbolicLink(target.resolve("link"), Path.of("in/b"));
        Files.writeString(source.resolve("gone"), "");
        Files.writeString(target.resolve("a"), "alphabet");
        Files.writeString(target.resolve("in/b"), "BETA");
        Files.writeString(target.resolve("more"), "");
        Files.createDirectory(source.resolve("kind"));
        Files.writeString(target.resolve("kind"), "");

        assertThat(new Verification(source, target, 2).run().block())
                .extracting(Difference::toString)
                .containsExactlyInAnyOrder(
                        "a has 8 bytes and not 5",
                        "gone is missing",
                        "in/b has the same size and another content",
                        "kind is of another kind",
                        "link points elsewhere",
                        "more is in the copy only");
    }

    @Test
    void whatCannotBeReadIsADifference() throws IOException {
        copy(source, target);
        Path secret = target.resolve("a");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(secret), "root reads everything");

        assertThat(new Verification(source, target, 2).run().block())
                .singleElement()
                .asString()
                .startsWith("a is unreadable: ");
    }

    @Test
    void aMissingSourceIsOneLine() {
        assertThat(copy(folder.resolve("none"), target)).isEqualTo(1);
        assertThatOneLineSays("none");
        assertThat(target).doesNotExist();
    }

    @Test
    void anExistingTargetIsOneLineAndStays() throws IOException {
        Files.writeString(target, "mine");
        assertThat(copy(source, target)).isEqualTo(1);
        assertThatOneLineSays("target");
        assertThat(target).hasContent("mine");
    }

    @Test
    void aTargetInsideOfTheSourceIsOneLine() {
        assertThat(copy(source, source.resolve("in/again"))).isEqualTo(1);
        assertThatOneLineSays("inside of the source");
    }

    /** Needs a file system of its own, which root alone may mount. */
    @Test
    void aFullDiskIsOneLineAndLeavesNothing() throws Exception {
        byte[] noHole = new byte[200_000];
        Arrays.fill(noHole, (byte) 1);
        Files.write(source.resolve("large"), noHole);
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()), "mounting is not allowed");
        try {
            FileStore store = Files.getFileStore(small);
            assertThat(store.getTotalSpace()).isEqualTo(64 << 10);
            assertThat(copy(source, small.resolve("copy"))).isEqualTo(1);
            assertThatOneLineSays("No space left on device");
            assertThat(small).isEmptyDirectory();
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void aSourceWithoutATargetIsBadUsage() {
        assertThat(execute(source.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("TO is missing");
    }

    private void assertThatOneLineSays(String what) {
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("copy: ")
                .contains(what);
        assertThat(out.toString()).isEmpty();
    }

    private int copy(Path from, Path to) {
        return execute(from.toString(), to.toString());
    }

    private int execute(String... arguments) {
        return new CommandLine(new CopyCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
