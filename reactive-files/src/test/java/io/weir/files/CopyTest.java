package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

class CopyTest {
    private static final int SEGMENT = 1 << 20;
    private static final int BUFFER = 256 << 10;

    private final Path folder;
    private final Path source;
    private final Path target;

    CopyTest(@TempDir Path folder) {
        this.folder = folder;
        this.source = folder.resolve("source");
        this.target = folder.resolve("target");
    }

    @Nested
    class TheContent {
        @Test
        void isTheSameAtEverySize() throws IOException {
            Random random = new Random(1);
            for (int size : new int[] {
                0,
                1,
                4095,
                4096,
                4097,
                BUFFER - 1,
                BUFFER,
                BUFFER + 1,
                SEGMENT - 1,
                SEGMENT,
                SEGMENT + 1,
                3 * SEGMENT + 7
            }) {
                byte[] content = new byte[size];
                random.nextBytes(content);
                assertCopied(content);
            }
        }

        @Test
        void isTheSameWhereverTheZerosAre() throws IOException {
            Random random = new Random(2);
            for (int round = 0; round < 40; round++) {
                byte[] content = new byte[random.nextInt(2 * SEGMENT)];
                for (int run = 0; run < 4; run++) {
                    int from = random.nextInt(content.length + 1);
                    int to = from + random.nextInt(content.length - from + 1);
                    byte[] noise = new byte[to - from];
                    if (random.nextBoolean()) {
                        random.nextBytes(noise);
                    }
                    System.arraycopy(noise, 0, content, from, noise.length);
                }
                assertCopied(content);
            }
        }

        private void assertCopied(byte[] content) throws IOException {
            Files.write(source, content);
            Files.deleteIfExists(target);
            StepVerifier.create(AsyncFiles.copy(source, target))
                    .expectNext((long) content.length)
                    .verifyComplete();
            assertThat(Files.readAllBytes(target)).isEqualTo(content);
        }

        @Test
        void ofAHugeFileWithHolesIsCopiedWithItsHoles() throws IOException {
            long size = Long.getLong("weir.files.hugeFile", 256L << 20); // in bytes
            try (FileChannel channel =
                    FileChannel.open(source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1}), size / 2);
                channel.write(ByteBuffer.wrap(new byte[] {0}), size - 1);
            }
            assertThat(AsyncFiles.copy(source, target).block()).isEqualTo(size);
            assertThat(Files.size(target)).isEqualTo(size);
            assertThat(byteAt(size / 2)).isEqualTo((byte) 1);
            assertThat(byteAt(size / 4)).isZero();
            assertThat(byteAt(size - 1)).isZero();
            assertThat(blocks(target)).isLessThan(4 << 20);
        }

        private byte byteAt(long position) throws IOException {
            try (FileChannel channel = FileChannel.open(target)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                assertThat(channel.read(one, position)).isEqualTo(1);
                return one.get(0);
            }
        }

        /** In bytes. */
        private long blocks(Path file) throws IOException {
            Process du = new ProcessBuilder("du", "-B1", file.toString()).start();
            try (var out = du.inputReader()) {
                return Long.parseLong(out.readLine().split("\\s")[0]);
            }
        }

        @Test
        void ofAFileWithoutASizeIsRead() throws IOException {
            Path proc = Path.of("/proc/self/cmdline");
            assumeTrue(Files.exists(proc), "no /proc here");
            assertThat(AsyncFiles.copy(proc, target).block()).isPositive();
            assertThat(Files.readAllBytes(target)).isEqualTo(Files.readAllBytes(proc));
        }

        @Test
        void ofALinkIsThatOfTheFile() throws IOException {
            Files.writeString(source, "x");
            Path link = Files.createSymbolicLink(folder.resolve("link"), source);
            AsyncFiles.copy(link, target).block();
            assertThat(target).isRegularFile().hasContent("x");
        }
    }

    @Nested
    class WhatIsThere {
        @Test
        void staysUnlessItIsToBeReplaced() throws IOException {
            Files.writeString(source, "new");
            Files.writeString(target, "old");
            StepVerifier.create(AsyncFiles.copy(source, target))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(FileExistsException.class, exists -> {
                                assertThat(exists.path()).isEqualTo(source);
                                assertThat(exists.target()).hasValue(target);
                                assertThat(exists.operation()).isEqualTo("copy");
                                assertThat(exists).hasMessageContaining(source + " to " + target);
                            }));
            assertThat(target).hasContent("old");
            AsyncFiles.copy(source, target, CopyOptions.defaults().replacing()).block();
            assertThat(target).hasContent("new");
            assertOnly("source", "target");
        }

        @Test
        void staysWhenItCameDuringTheCopying() throws IOException {
            Files.write(source, noise(8 * SEGMENT));
            FileCopy copy =
                    new FileCopy(source, target, CopyOptions.defaults(), FileCopy.Links.FOLLOW, Stepped.Progress.NONE);
            copy.step();
            copy.step();
            Files.writeString(target, "faster");
            try (copy) {
                assertThatThrownBy(() -> {
                            while (copy.step()) {}
                        })
                        .isInstanceOf(FileAlreadyExistsException.class);
            }
            assertThat(target).hasContent("faster");
            assertOnly("source", "target");
        }

        @Test
        void asALinkIsReplacedItself() throws IOException {
            Files.writeString(source, "new");
            Path real = Files.writeString(folder.resolve("real"), "old");
            Files.createSymbolicLink(target, real);
            AsyncFiles.copy(source, target, CopyOptions.defaults().replacing()).block();
            assertThat(target).isRegularFile().hasContent("new");
            assertThat(real).hasContent("old");
        }

        @Test
        void asTheSourceItselfIsLeftAlone() throws IOException {
            Files.writeString(source, "x");
            Files.createLink(target, source);
            assertThat(AsyncFiles.copy(source, target).block()).isZero();
            assertThat(AsyncFiles.copy(source, source).block()).isZero();
            assertThat(source).hasContent("x");
        }

        @Test
        void asAFolderIsNotReplaced() throws IOException {
            Files.writeString(source, "x");
            Files.createDirectory(target);
            StepVerifier.create(AsyncFiles.copy(
                            source, target, CopyOptions.defaults().replacing()))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageEndingWith("a file does not replace a folder"));
            assertOnly("source", "target");
        }
    }

    @Nested
    class Attributes {
        @Test
        void arePermissionsOnlyByDefault() throws IOException {
            Files.writeString(source, "x");
            Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-x---"));
            Files.setLastModifiedTime(source, FileTime.from(1_000_000, TimeUnit.SECONDS));
            AsyncFiles.copy(source, target).block();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                    .isEqualTo("rwxr-x---");
            assertThat(Files.getLastModifiedTime(target)).isNotEqualTo(Files.getLastModifiedTime(source));
        }

        @Test
        void areAllThereAreWhenAskedFor() throws IOException {
            Files.writeString(source, "x");
            Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.setLastModifiedTime(source, FileTime.from(1_000_000, TimeUnit.SECONDS));
            if ("root".equals(System.getProperty("user.name"))) {
                Files.setAttribute(source, "unix:uid", 12_345);
            }
            AsyncFiles.copy(source, target, CopyOptions.defaults().withAttributes())
                    .block();
            for (String name : List.of("unix:uid", "unix:gid", "unix:mode", "lastModifiedTime")) {
                assertThat(Files.getAttribute(target, name)).isEqualTo(Files.getAttribute(source, name));
            }
        }
    }

    @Nested
    class WhatIsNoFile {
        @Test
        void isRefused() throws IOException {
            Path pipe = folder.resolve("pipe");
            assumeTrue(FaultTest.makePipe(pipe), "no mkfifo here");
            for (Path path : List.of(pipe, Path.of("/dev/zero"))) {
                StepVerifier.create(AsyncFiles.copy(path, target))
                        .verifyErrorSatisfies(e -> assertThat(e)
                                .isInstanceOf(FileIoException.class)
                                .hasMessageEndingWith("not a regular file"));
            }
            StepVerifier.create(AsyncFiles.copy(folder, target))
                    .verifyErrorSatisfies(e ->
                            assertThat(e).isInstanceOf(FileIoException.class).hasMessageEndingWith("is a directory"));
            StepVerifier.create(AsyncFiles.copy(source, target)).verifyError(PathNotFoundException.class);
            assertOnly("pipe");
        }
    }

    @Test
    void nothingHappensBeforeItIsAskedFor() throws IOException {
        Files.writeString(source, "x");
        StepVerifier.create(AsyncFiles.copy(source, target), 0)
                .expectSubscription()
                .then(() -> assertThat(target).doesNotExist())
                .thenRequest(1)
                .expectNext(1L)
                .verifyComplete();
    }

    @Test
    void aCancelOnTheWayLeavesNothing() throws IOException {
        Files.write(source, noise(64 * SEGMENT));
        StepVerifier.create(AsyncFiles.copy(source, target))
                .expectSubscription()
                .then(() -> OpenFiles.eventually(() -> !OpenFiles.under(folder).isEmpty()))
                .thenCancel()
                .verify();
        OpenFiles.assertNoneUnder(folder);
        OpenFiles.eventually(() -> names().equals(List.of("source")) || names().equals(List.of("source", "target")));
    }

    @Test
    void theTaskItRunsInIsToldHowFarItIs() throws IOException {
        Files.write(source, noise(3 * SEGMENT));
        List<Task.Progress> told = new ArrayList<>();
        TaskGroup.using(group -> {
                    Task<Long> task = group.start("copy", AsyncFiles.copy(source, target));
                    return task.join().doOnNext(bytes -> task.progress().ifPresent(told::add));
                })
                .block();
        assertThat(told).containsExactly(new Task.Progress(3 * SEGMENT, 3 * SEGMENT));
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

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(3).nextBytes(bytes);
        return bytes;
    }
}
