package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TemporaryFilesTest {
    private final Queue<Path> made = new ConcurrentLinkedQueue<>();

    private Path note(Path path) {
        made.add(path);
        return path;
    }

    @Test
    void aFileIsThereForItsUseAndGoneAfterwards() {
        StepVerifier.create(TemporaryFiles.using(
                        file -> AsyncFiles.write(note(file), "some text").then(AsyncFiles.readString(file))))
                .expectNext("some text")
                .verifyComplete();
        assertGone();
    }

    @Test
    void aFolderIsPrivateAndGoneWithAllItHolds() {
        StepVerifier.create(TemporaryFiles.usingFolder(
                        folder -> AsyncFiles.createFolders(note(folder).resolve("a/b"))
                                .then(AsyncFiles.write(folder.resolve("a/b/file"), "x"))
                                .then(Mono.fromCallable(
                                        () -> PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))))))
                .expectNext("rwx------")
                .verifyComplete();
        assertGone();
    }

    @Test
    void anErrorAndAMistakeInTheUseRemoveItToo() {
        StepVerifier.create(TemporaryFiles.using(
                        file -> AsyncFiles.readString(note(file).resolveSibling("missing"))))
                .verifyError(PathNotFoundException.class);
        StepVerifier.create(TemporaryFiles.<String>using(file -> {
                    note(file);
                    throw new IllegalStateException("a mistake");
                }))
                .verifyErrorMessage("a mistake");
        assertGone();
    }

    @Test
    void aFileThatWasMovedAwayStays() throws Exception {
        Path kept = Files.createTempDirectory("kept").resolve("file");
        TemporaryFiles.using(file -> AsyncFiles.write(note(file), "x").then(AsyncFiles.move(file, kept)))
                .block();
        assertThat(kept).hasContent("x");
        FileTree.delete(kept.getParent()).block();
        assertGone();
    }

    @Test
    void aFolderThatIsGoneAlreadyIsNoError() {
        StepVerifier.create(TemporaryFiles.usingFolder(folder -> FileTree.delete(note(folder))))
                .expectNext(1L)
                .verifyComplete();
        assertGone();
    }

    @Test
    void eachSubscriptionHasItsOwn() {
        Mono<Path> use = TemporaryFiles.using(file -> Mono.just(note(file)));
        Flux.range(0, 20).flatMap(i -> use).blockLast();
        assertThat(made).doesNotHaveDuplicates().hasSize(20);
        assertGone();
    }

    @Test
    void aCancelRemovesItWithWhatIsStillBeingWritten() {
        for (int round = 0; round < 50; round++) {
            StepVerifier.create(TemporaryFiles.usingFolder(folder -> Flux.range(0, 1_000)
                            .flatMap(i -> AsyncFiles.write(note(folder).resolve("f" + i), "x"), 8)
                            .then()))
                    .expectSubscription()
                    .then(() -> OpenFiles.eventually(() -> !made.isEmpty()))
                    .thenCancel()
                    .verify();
        }
        OpenFiles.eventually(() -> made.stream().noneMatch(Files::exists));
    }

    private void assertGone() {
        assertThat(made).isNotEmpty().allSatisfy(path -> assertThat(path).doesNotExist());
        assertThat(made).allSatisfy(path -> {
            if (path.getFileName().toString().equals("file")) {
                assertThat(path.getParent()).doesNotExist();
            }
        });
    }
}
