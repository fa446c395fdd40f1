package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without descriptors, without space, and without memory, each in a process of its own. */
class StarvedTest {
    private static final List<String> LITTLE_MEMORY = List.of("-Xmx64m", "-XX:MaxDirectMemorySize=64m");

    private final Path folder;

    StarvedTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void tooManyOpenFilesIsSaidByWhateverOpensOneAndPasses() throws Exception {
        List<String> few = List.of("sh", "-c", "ulimit -n 200 && exec \"$0\" \"$@\"");
        Map<String, String> said =
                ChildJvm.run(few, List.of("-Xmx128m"), Starved.class, "descriptors", folder.toString());
        assertThat(said).containsEntry("exit", "0");
        assertThat(said.get("hogs")).contains("Too many open files");
        said.forEach((what, result) -> {
            if (what.startsWith("without ")) {
                String name = what.substring("without ".length());
                assertThat(result).as(what).startsWith("FileIoException").containsIgnoringCase("too many open files");
                assertThat(said.get("after " + name)).as("after").isEqualTo(said.get("before " + name));
                assertThat(said.get("before " + name)).as("before").doesNotContain("Exception");
            }
        });
        assertThat(said.keySet().stream().filter(what -> what.startsWith("without ")))
                .hasSize(11);
    }

    @Test
    void aFullDiskIsSaidAndLeavesTheOldContent() throws Exception {
        List<String> smallDisk = List.of(
                "unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m none '" + folder + "' && exec \"$0\" \"$@\"");
        assumeTrue(canMount(), "this user may not mount a small disk");
        Map<String, String> said = ChildJvm.run(smallDisk, LITTLE_MEMORY, Starved.class, "space", folder.toString());
        assertThat(said)
                .containsEntry("exit", "0")
                .containsEntry("content", "[old content]")
                .containsEntry("names", "[[old]]")
                .containsEntry("delete", "[]")
                .containsEntry("write again", "[4]");
        for (String what : List.of(
                "writeAtomically",
                "writeAtomically buffers",
                "copy",
                "write",
                "write buffers",
                "writeLines",
                "handle",
                "append")) {
            assertThat(said.get(what))
                    .as(what)
                    .containsAnyOf("FileIoException", "AppendLogException")
                    .contains("No space left on device");
        }
    }

    private static boolean canMount() throws IOException, InterruptedException {
        return Files.isExecutable(Path.of("/usr/bin/unshare"))
                && new ProcessBuilder("unshare", "-m", "true").start().waitFor() == 0;
    }

    @Test
    void aFileOfManyTimesTheMemoryIsReadWrittenAndCopied() throws Exception {
        // Where holes take no memory even to be read, it is a matter of a second.
        Path memory = Path.of("/dev/shm");
        Path room = Files.isWritable(memory) ? Files.createTempDirectory(memory, "starved") : folder;
        Map<String, String> said;
        try {
            said = ChildJvm.run(List.of(), LITTLE_MEMORY, Starved.class, "memory", room.toString());
        } finally {
            FileTree.delete(room).block();
        }
        assertThat(said)
                .containsEntry("exit", "0")
                .containsEntry("position", "[3]")
                .containsEntry("copy", "[" + (Starved.LARGE + 6) + "]")
                .containsEntry("write", "[" + (Starved.LARGE + 6) + "]")
                .containsEntry("tail", "[end]");
        assertThat(said.get("whole")).startsWith("FileTooLargeException");
        assertThat(said.get("lines")).startsWith("LineTooLongException").contains("at byte 0 ");
        assertThat(said.get("tail offset")).matches("MalformedTextException .* offset 5\\d{9} are not UTF-8");
    }
}
