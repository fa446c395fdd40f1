package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that gets another's name at any moment, also while it is being opened. */
class TailedFileTest {
    private static final int ROUNDS = 5_000;

    private final Path folder;
    private final Path path;

    TailedFileTest(@TempDir Path folder) {
        this.folder = folder;
        this.path = folder.resolve("log");
    }

    @Test
    void whatStandsInTheLastFileIsReadOnce() throws Exception {
        AtomicInteger open = new AtomicInteger(-1);
        Thread other = new Thread(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                while (open.get() < round) {
                    Thread.onSpinWait();
                }
                for (int spin = round % 400; spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                replace("new" + round + ";");
            }
        });
        replace("old;");
        other.start();
        for (int round = 0; round < ROUNDS; round++) {
            open.set(round);
            String last = "new" + round + ";";
            List<String> read = new ArrayList<>();
            try (TailedFile file = TailedFile.open(path, TailOptions.fromBeginning())) {
                OpenFiles.eventually(() -> {
                    readOn(file, read);
                    return read.contains(last);
                });
                readOn(file, read);
            }
            assertThat(read).as("round %d", round).hasSizeLessThanOrEqualTo(2).doesNotHaveDuplicates();
        }
        other.join();
    }

    private static void readOn(TailedFile file, List<String> read) {
        ByteBuffer some = ByteBuffer.allocate(100);
        try {
            for (TailedFile.Found found = file.look(); found != TailedFile.Found.NOTHING; found = file.look()) {
                if (found == TailedFile.Found.MORE) {
                    int count = file.read(some.clear());
                    read.add(new String(some.array(), 0, count, UTF_8));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void replace(String content) {
        try {
            Path fresh = Files.writeString(folder.resolve("fresh"), content);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
