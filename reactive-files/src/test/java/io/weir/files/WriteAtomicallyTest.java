package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class WriteAtomicallyTest {
    private final Path folder;
    private final Path target;

    WriteAtomicallyTest(@TempDir Path folder) {
        this.folder = folder;
        this.target = folder.resolve("target");
    }

    @BeforeEach
    void writeOldContent() throws IOException {
        Files.writeString(target, "old");
    }

    @Test
    void everyKindOfContentReplacesTheFile() {
        assertThat(AsyncFiles.writeAtomically(target, "text").block()).isEqualTo(4);
        assertOnly("text");
        assertThat(AsyncFiles.writeAtomically(target, new byte[] {'b'}).block()).isEqualTo(1);
        assertOnly("b");
        assertThat(AsyncFiles.writeAtomically(target, Flux.just(Unpooled.copyInt(0x61626364)))
                        .block())
                .isEqualTo(4);
        assertOnly("abcd");
        assertThat(AsyncFiles.writeLinesAtomically(target, Flux.just("a", "b")).block())
                .isEqualTo(4);
        assertOnly("a\nb\n");
        assertThat(AsyncFiles.writeAtomically(target, Flux.<ByteBuf>empty()).block())
                .isZero();
        assertOnly("");
    }

    @Test
    void aNewFileIsCreatedWithTheUsualPermissions() throws IOException {
        Path ordinary = Files.writeString(folder.resolve("ordinary"), "");
        Path fresh = folder.resolve("fresh");
        AsyncFiles.writeAtomically(fresh, "x").block();
        assertThat(fresh).hasContent("x");
        assertThat(permissions(fresh)).isEqualTo(permissions(ordinary));
    }

    @Test
    void theOldContentStaysUntilAllIsWritten() {
        Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
        StepVerifier.create(AsyncFiles.writeLinesAtomically(target, source.asFlux()))
                .then(() -> source.tryEmitNext("new").orThrow())
                .then(() -> OpenFiles.eventually(
                        () -> temporaries().size() == 1 && size(temporaries().get(0)) == 4))
                .then(() -> assertThat(target).hasContent("old"))
                .then(() -> source.tryEmitComplete().orThrow())
                .expectNext(4L)
                .verifyComplete();
        assertOnly("new\n");
    }

    @Test
    void anErrorOfTheSourceKeepsTheOldContentAndNothingElse() {
        IllegalStateException mistake = new IllegalStateException();
        StepVerifier.create(
                        AsyncFiles.writeLinesAtomically(target, Flux.just("new").concatWith(Flux.error(mistake))))
                .verifyErrorSatisfies(e -> assertThat(e).isSameAs(mistake));
        assertOnly("old");
        StepVerifier.create(AsyncFiles.writeAtomically(target, "bad \ud83d")).verifyError(MalformedTextException.class);
        assertOnly("old");
    }

    @Test
    void aCancelAtARandomMomentLeavesOldOrNewAndNothingElse() {
        for (int round = 0; round < 300; round++) {
            Flux<String> source = Flux.range(0, 2_000).map(i -> "new " + i);
            long micros = ThreadLocalRandom.current().nextLong(3_000);
            AsyncFiles.writeLinesAtomically(target, source)
                    .takeUntilOther(Mono.delay(Duration.ofNanos(micros * 1_000)))
                    .block();
            OpenFiles.eventually(() -> temporaries().isEmpty());
            String content = AsyncFiles.readString(target).block();
            assertThat(content.equals("old") || content.endsWith("new 1999\n"))
                    .as("round %d: %d chars", round, content.length())
                    .isTrue();
        }
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void readersSeeOldOrNewAndNothingBetween() {
        String a = "a".repeat(300_000);
        String b = "b".repeat(200_000);
        AsyncFiles.writeAtomically(target, a).block();
        Flux<Long> writes = Flux.range(0, 60).concatMap(i -> AsyncFiles.writeAtomically(target, i % 2 == 0 ? b : a));
        StepVerifier.create(AsyncFiles.readString(target)
                        .repeat()
                        .takeUntilOther(writes.then())
                        .filter(content -> !content.equals(a) && !content.equals(b)))
                .verifyComplete();
    }

    @Test
    void writersOfOneTargetDoNotDisturbEachOther() {
        List<String> contents =
                Stream.of("1", "2", "3", "4").map(s -> s.repeat(100_000)).toList();
        Flux.range(0, 40)
                .flatMap(i -> AsyncFiles.writeAtomically(target, contents.get(i % 4)), 8)
                .blockLast();
        assertThat(contents).contains(AsyncFiles.readString(target).block());
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void onlyOverwritingCanBeDoneAtomically() {
        assertThatThrownBy(() -> AsyncFiles.writeAtomically(target, "x", WriteOptions.append()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("APPEND");
        assertThatThrownBy(() -> AsyncFiles.writeAtomically(target, "x", WriteOptions.createNew()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMissingFolderIsCreatedOnlyWhenAskedFor() {
        Path deep = folder.resolve("a/b/file");
        StepVerifier.create(AsyncFiles.writeAtomically(deep, "x")).verifyError(PathNotFoundException.class);
        AsyncFiles.writeAtomically(deep, "x", WriteOptions.overwrite().withParents())
                .block();
        assertThat(deep).hasContent("x");
    }

    @Test
    void aNameAsLongAsANameCanBeIsNoProblem() {
        Path longest = folder.resolve("n".repeat(255));
        AsyncFiles.writeAtomically(longest, "x").block();
        assertThat(longest).hasContent("x");
    }

    @Test
    void aRelativePathIsFoundWhereTheProcessStands() throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(target.toAbsolutePath());
        AsyncFiles.writeAtomically(relative, "new").block();
        assertOnly("new");
    }

    @Nested
    class WhatIsThere {
        @Test
        void passesItsPermissionsOn() throws IOException {
            for (String mode : List.of("rw-------", "rwxr-x--x", "r--r--r--", "rw-rw-rw-")) {
                Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
                Files.setPosixFilePermissions(target, permissions);
                AsyncFiles.writeAtomically(target, "new").block();
                assertThat(permissions(target)).isEqualTo(permissions);
            }
        }

        @Test
        void passesItsOwnerAndGroupOnWhereThatIsAllowed() throws IOException {
            assumeTrue("root".equals(Files.getOwner(target).getName()), "only root gives files away");
            Files.setAttribute(target, "unix:uid", 12_345);
            Files.setAttribute(target, "unix:gid", 54_321);
            AsyncFiles.writeAtomically(target, "new").block();
            assertThat(Files.getAttribute(target, "unix:uid")).isEqualTo(12_345);
            assertThat(Files.getAttribute(target, "unix:gid")).isEqualTo(54_321);
        }

        @Test
        void privateContentIsNotReadableWhileItGrows() throws IOException {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
            Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
            StepVerifier.create(AsyncFiles.writeLinesAtomically(target, source.asFlux()))
                    .then(() -> OpenFiles.eventually(() -> temporaries().size() == 1))
                    .then(() -> assertThat(permissions(temporaries().get(0)))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------")))
                    .thenCancel()
                    .verify();
            OpenFiles.eventually(() -> temporaries().isEmpty());
        }

        @Test
        void asALinkStaysALinkToTheNewContent() throws IOException {
            Files.createDirectory(folder.resolve("elsewhere"));
            Path real = Files.writeString(folder.resolve("elsewhere/real"), "old");
            Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("elsewhere/real"));
            Path first = Files.createSymbolicLink(folder.resolve("first"), second.toAbsolutePath());
            AsyncFiles.writeAtomically(first, "new").block();
            assertThat(first).isSymbolicLink().hasContent("new");
            assertThat(real).isRegularFile().hasContent("new");
        }

        @Test
        void asALinkToNothingCreatesWhatItPointsTo() throws IOException {
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("fresh"));
            AsyncFiles.writeAtomically(link, "new").block();
            assertThat(link).isSymbolicLink();
            assertThat(folder.resolve("fresh")).hasContent("new");
        }

        @Test
        void asALoopOfLinksIsRefused() throws IOException {
            Path a = folder.resolve("a");
            Path b = Files.createSymbolicLink(folder.resolve("b"), a);
            Files.createSymbolicLink(a, b);
            StepVerifier.create(AsyncFiles.writeAtomically(a, "x")).verifyError(FileIoException.class);
        }

        @Test
        void asAFolderOrADeviceIsRefusedBeforeTheSourceIsAsked() throws IOException {
            Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("/dev/null"));
            for (Path special : List.of(folder, link)) {
                StepVerifier.create(AsyncFiles.writeAtomically(
                                special, Flux.<ByteBuf>error(new AssertionError("the source was asked"))))
                        .verifyError(FileIoException.class);
            }
            assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
        }

        @Test
        void withOtherHardLinksIsLeftToThem() throws IOException {
            Path other = Files.createLink(folder.resolve("other"), target);
            AsyncFiles.writeAtomically(target, "new").block();
            assertThat(other).hasContent("old");
        }
    }

    private void assertOnly(String content) {
        assertThat(target).hasContent(content);
        assertThat(temporaries()).isEmpty();
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    private List<Path> temporaries() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".weir-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1; // renamed meanwhile
        }
    }

    private static Set<PosixFilePermission> permissions(Path file) {
        try {
            return Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
