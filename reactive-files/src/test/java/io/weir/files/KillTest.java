package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed, with the signal that it cannot see, at a random moment of replacing, appending and group commit. The
 * system goes on, so this proves the order of the steps and that no answer came too early, and not that the device keeps
 * what it was forced to. {@code -Dweir.kills} says how often; the profile stress kills 200.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("weir.kills", 6);
    private static final int MOST_MILLIS = 120;

    private final Path folder;

    KillTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void whatWasAcknowledgedIsThereAndWhatWasReplacedIsWhole() throws Exception {
        for (int round = 0; round < KILLS; round++) {
            Path room = Files.createDirectory(folder.resolve("round" + round));
            List<String[]> acknowledged = killAtARandomMoment(room);
            assertReplacedIsOldOrNew(room, numbers(acknowledged, Victim.REPLACED));
            assertAppendedIsThere(room, numbers(acknowledged, Victim.APPENDED));
            assertLoggedIsThere(
                    room,
                    acknowledged.stream()
                            .filter(words -> words[0].equals(Victim.LOGGED))
                            .toList());
        }
    }

    private List<String[]> killAtARandomMoment(Path room) throws IOException, InterruptedException {
        Path said = folder.resolve(room.getFileName() + ".said");
        Process victim = ChildJvm.builder(List.of(), List.of("-Xmx128m"), Victim.class, room.toString())
                .redirectOutput(said.toFile())
                .start();
        try {
            OpenFiles.eventually(() -> said.toFile().length() > 0 || !victim.isAlive());
            long millis = ThreadLocalRandom.current().nextLong(MOST_MILLIS);
            assertThat(victim.waitFor(millis, TimeUnit.MILLISECONDS))
                    .as("the victim ended by itself")
                    .isFalse();
        } finally {
            victim.destroyForcibly().waitFor();
        }
        try (Stream<String> lines = Files.lines(said)) {
            return lines.map(line -> line.split(" ")).toList();
        }
    }

    private static List<Integer> numbers(List<String[]> acknowledged, String what) {
        return acknowledged.stream()
                .filter(words -> words[0].equals(what))
                .map(words -> Integer.valueOf(words[1]))
                .toList();
    }

    private static void assertReplacedIsOldOrNew(Path room, List<Integer> acknowledged) throws IOException {
        Path file = room.resolve(Victim.REPLACED);
        int last = acknowledged.isEmpty() ? -1 : acknowledged.get(acknowledged.size() - 1);
        if (last >= 0 || Files.exists(file)) {
            String found = Files.readString(file);
            assertThat(List.of(Victim.content(Math.max(last, 0)), Victim.content(last + 1)))
                    .as("after %s", last)
                    .contains(found);
        }
        try (Stream<Path> all = Files.list(room)) {
            assertThat(all.filter(path -> path.getFileName().toString().startsWith(".weir-")))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    private static void assertAppendedIsThere(Path room, List<Integer> acknowledged) throws IOException {
        byte[] found = bytes(room.resolve(Victim.APPENDED));
        int at = 0;
        for (int i : acknowledged) {
            at = assertRecord(found, at, i);
        }
        assertThat(Victim.record(acknowledged.size()) + "\n").startsWith(text(found, at, found.length));
    }

    private static void assertLoggedIsThere(Path room, List<String[]> acknowledged) throws IOException {
        byte[] found = bytes(room.resolve(Victim.LOGGED));
        for (String[] words : acknowledged) {
            assertRecord(found, Integer.parseInt(words[2]), Integer.parseInt(words[1]));
        }
        // What nobody was told of stands there in order too, and only the last of it may be a part.
        int at = 0;
        int next = 0;
        for (int length = length(next); at + length <= found.length; length = length(next)) {
            at = assertRecord(found, at, next);
            next++;
        }
        assertThat(Victim.record(next) + "\n").startsWith(text(found, at, found.length));
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static int length(int i) {
        return Victim.record(i).length() + 1;
    }

    private static int assertRecord(byte[] found, int at, int i) {
        int end = at + length(i);
        assertThat(text(found, at, Math.min(end, found.length)))
                .as("record %d at %d of %d", i, at, found.length)
                .isEqualTo(Victim.record(i) + "\n");
        return end;
    }

    private static String text(byte[] found, int from, int to) {
        return new String(Arrays.copyOfRange(found, from, Math.max(from, to)), UTF_8);
    }
}
