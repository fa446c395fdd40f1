package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class FileRootTest {
    private static final ReadOptions READ = ReadOptions.defaults();
    private static final WriteOptions WRITE = WriteOptions.overwrite();
    private static final int ROUNDS = 400;

    private final Path folder;
    private final Path inside;
    private final FileRoot root;

    FileRootTest(@TempDir Path folder) {
        this.folder = folder;
        this.inside = folder.resolve("inside");
        this.root = FileRoot.of(inside);
    }

    @BeforeEach
    void makeAnOutside() throws IOException {
        WalkTest.make(folder, "inside/a/b/file");
        WalkTest.make(folder, "outside/file");
        Files.writeString(folder.resolve("outside/file"), "secret");
        Files.createSymbolicLink(inside.resolve("link"), folder.resolve("outside"));
        Files.createSymbolicLink(inside.resolve("a/file"), folder.resolve("outside/file"));
    }

    @Nested
    class Inside {
        @Test
        void everyReadReads() {
            Path file = Path.of("a/b/file");
            assertThat(root.readString(file).block()).isEqualTo("inside/a/b/file");
            assertThat(root.readAllBytes(file, READ).block())
                    .isEqualTo("inside/a/b/file".getBytes(StandardCharsets.UTF_8));
            assertThat(root.lines(file, READ).collectList().block()).containsExactly("inside/a/b/file");
            assertThat(root.read(file, READ)
                            .map(FileRootTest::text)
                            .collectList()
                            .block())
                    .containsExactly("inside/a/b/file");
            assertThat(root.stat(file).block().size()).isEqualTo(15);
            assertThat(root.stat(Path.of("link")).block().isSymbolicLink()).isTrue();
            assertThat(OpenFiles.under(folder)).isEmpty();
        }

        @Test
        void everyWriteWrites() throws IOException {
            Path file = Path.of("a/new");
            assertThat(root.write(file, "text", WRITE).block()).isEqualTo(4);
            assertThat(root.write(file, "more", WriteOptions.append()).block()).isEqualTo(4);
            assertThat(inside.resolve(file)).hasContent("textmore");
            StepVerifier.create(root.write(file, "x", WriteOptions.createNew())).verifyError(FileExistsException.class);
            root.write(file, Flux.just(buffer("buffers")), WRITE).block();
            assertThat(inside.resolve(file)).hasContent("buffers");
            Files.setPosixFilePermissions(inside.resolve(file), PosixFilePermissions.fromString("rw-r-----"));
            root.writeAtomically(file, "whole", WRITE).block();
            assertThat(inside.resolve(file)).hasContent("whole");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside.resolve(file))))
                    .isEqualTo("rw-r-----");
            root.writeAtomically(Path.of("a/fresh"), Flux.just(buffer("buffers")), WRITE)
                    .block();
            assertThat(inside.resolve("a/fresh")).hasContent("buffers");
            assertClean();
        }

        @Test
        void anAtomicWriteThatFailsLeavesTheOldContent() throws IOException {
            StepVerifier.create(root.writeAtomically(
                            Path.of("a/b/file"),
                            Flux.just(buffer("x")).concatWith(Flux.error(new IllegalStateException("no more"))),
                            WRITE))
                    .verifyErrorMessage("no more");
            assertThat(inside.resolve("a/b/file")).hasContent("inside/a/b/file");
            assertClean();
        }

        @Test
        void foldersAreCreated() throws IOException {
            root.createFolders(Path.of("x/y/z")).block();
            root.createFolders(Path.of("x/y/z")).block();
            assertThat(inside.resolve("x/y/z")).isDirectory();
            root.write(Path.of("n/e/w"), "text", WRITE.withParents()).block();
            assertThat(inside.resolve("n/e/w")).hasContent("text");
            StepVerifier.create(root.createFolders(Path.of("n/e/w/x"))).verifyError(FileIoException.class);
            StepVerifier.create(root.createFolders(Path.of("link/x"))).verifyError(FileAccessException.class);
            StepVerifier.create(root.write(Path.of("m/i/s"), "text", WRITE)).verifyError(PathNotFoundException.class);
            assertClean();
        }

        @Test
        void treesAreWalkedAndDeleted() {
            assertThat(root.walk(Path.of(""), WalkOptions.defaults().sorted())
                            .map(entry -> inside.relativize(entry.path()).toString())
                            .collectList()
                            .block())
                    .containsExactly("", "a", "a/b", "a/b/file", "a/file", "link");
            StepVerifier.create(root.delete(Path.of("a/b")))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOf(FileIoException.class)
                            .hasMessageEndingWith("the folder is not empty"));
            root.delete(Path.of("a/file")).block();
            assertThat(root.deleteTree(Path.of("a")).block()).isEqualTo(3);
            root.delete(Path.of("link")).block();
            StepVerifier.create(root.deleteTree(Path.of(""))).verifyError(FileIoException.class);
            assertThat(inside).isEmptyDirectory();
            assertThat(folder.resolve("outside/file")).exists();
        }

        @Test
        void errorsTellThePathFromTheRootOn() {
            StepVerifier.create(root.readString(Path.of("a/missing")))
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(PathNotFoundException.class, missing -> {
                                assertThat(missing.path()).isEqualTo(inside.resolve("a/missing"));
                                assertThat(missing.operation()).isEqualTo("readString");
                            }));
        }

        @Test
        void onlyFilesAreReadAndWritten() throws IOException {
            FaultTest.makePipe(inside.resolve("pipe"));
            for (String no : List.of("pipe", "a", "")) {
                StepVerifier.create(root.readString(Path.of(no))).verifyError(FileIoException.class);
                StepVerifier.create(root.write(Path.of(no), "x", WRITE)).verifyError(FileIoException.class);
                StepVerifier.create(root.writeAtomically(Path.of(no), "x", WRITE))
                        .verifyError(FileIoException.class);
            }
            StepVerifier.create(root.readString(Path.of("pipe/x"))).verifyError(FileIoException.class);
            assertClean();
        }

        private void assertClean() throws IOException {
            assertThat(OpenFiles.under(folder)).isEmpty();
            try (Stream<Path> all = Files.walk(folder)) {
                assertThat(all).noneMatch(path -> path.getFileName().toString().startsWith(".weir-"));
            }
        }
    }

    /** All there is, with a path that leads out. */
    static Stream<Function<FileRoot, Function<Path, Publisher<?>>>> operations() {
        return Stream.of(
                root -> path -> root.read(path, READ).doOnNext(ByteBuf::release),
                root -> path -> root.readAllBytes(path, READ),
                root -> root::readString,
                root -> path -> root.lines(path, READ),
                root -> path -> root.write(path, "overwritten", WRITE),
                root -> path -> root.write(path, "overwritten", WRITE.withParents()),
                root -> path -> root.write(path, "overwritten", WriteOptions.append()),
                root -> path -> root.writeAtomically(path, "overwritten", WRITE),
                root -> path -> root.walk(path.resolve("x"), WalkOptions.defaults()),
                root -> path -> root.stat(path.resolve("x")),
                root -> path -> root.createFolders(path.resolve("x")),
                root -> path -> root.delete(path.resolve("x")),
                root -> path -> root.deleteTree(path.resolve("x")));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void noPathLeadsOut(Function<FileRoot, Function<Path, Publisher<?>>> operation) {
        Path absolute = folder.resolve("outside/file").toAbsolutePath();
        for (Path path : List.of(
                absolute,
                Path.of("../outside/file"),
                Path.of("a/../../outside/file"),
                Path.of("a/b/../b/file"),
                Path.of("link/file"),
                Path.of("a/file"))) {
            StepVerifier.create(operation.apply(root).apply(path))
                    .verifyErrorSatisfies(e -> assertThat(e).as("for " + path).isInstanceOf(FileAccessException.class));
        }
        assertThat(folder.resolve("outside/file")).hasContent("secret");
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void walksFollowNoLinksWhateverTheyAreTold() {
        assertThatThrownBy(() -> root.walk(Path.of(""), WalkOptions.defaults().followingLinks()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Nested
    class UnderAttack {
        /** {@code a} is a folder, nothing, or a link to the outside, in turns. */
        private void whileSwapping(Runnable attempt) throws InterruptedException {
            AtomicBoolean over = new AtomicBoolean();
            File folderItself = inside.resolve("a").toFile();
            File spare = inside.resolve("spare").toFile();
            File link = inside.resolve("link").toFile();
            Thread attacker = new Thread(() -> {
                while (!over.get()) {
                    folderItself.renameTo(spare);
                    link.renameTo(folderItself);
                    folderItself.renameTo(link);
                    spare.renameTo(folderItself);
                }
            });
            attacker.start();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    attempt.run();
                }
            } finally {
                over.set(true);
                attacker.join();
            }
            assertThat(folder.resolve("outside/file")).hasContent("secret");
            assertThat(folder.resolve("outside")).isDirectoryContaining(path -> true);
            assertThat(folder.resolve("outside").toFile().list()).containsExactly("file");
            assertThat(OpenFiles.under(folder)).isEmpty();
        }

        @Test
        void aReadReadsNothingOutside() throws Exception {
            Files.delete(inside.resolve("a/file"));
            Files.writeString(inside.resolve("a/file"), "public");
            whileSwapping(() -> root.readString(Path.of("a/file"))
                    .onErrorComplete(FileException.class)
                    .blockOptional()
                    .ifPresent(text -> assertThat(text).isEqualTo("public")));
            assertThat(root.readString(Path.of("a/file")).block()).isEqualTo("public"); // the attacker put it back
        }

        @Test
        void aWriteWritesNothingOutside() throws Exception {
            Files.delete(inside.resolve("a/file"));
            whileSwapping(() -> root.write(Path.of("a/file"), "overwritten", WRITE)
                    .onErrorComplete(FileException.class)
                    .then(root.writeAtomically(Path.of("a/file"), "overwritten", WRITE)
                            .onErrorComplete(FileException.class))
                    .then(root.write(Path.of("a/new/file"), "x", WRITE.withParents())
                            .onErrorComplete(FileException.class))
                    .block());
        }

        @Test
        void aWalkAndADeletionStayInside() throws Exception {
            whileSwapping(() -> {
                root.walk(Path.of("a"), WalkOptions.defaults())
                        .onErrorComplete(FileException.class)
                        .doOnNext(entry -> assertThat(
                                        entry.isFile() && entry.attributes().size() == 6)
                                .isFalse())
                        .blockLast();
                root.deleteTree(Path.of("a/b"))
                        .onErrorComplete(FileException.class)
                        .block();
                root.delete(Path.of("a/file"))
                        .onErrorComplete(FileException.class)
                        .block();
            });
        }
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteBuf buffer) {
        String text = buffer.toString(StandardCharsets.UTF_8);
        buffer.release();
        return text;
    }
}
