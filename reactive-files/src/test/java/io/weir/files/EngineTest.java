package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.uring.IoUring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.test.StepVerifier;

/** Which engine runs, and where that shows. */
class EngineTest {
    private final Path folder;

    EngineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theOneThatWasAskedForRuns() {
        String wanted = System.getProperty(Engines.PROPERTY, "auto");
        assumeTrue(
                wanted.equals("threads") || IoUring.isAvailable(),
                () -> "no io_uring here, so this run repeats the " + "one on threads: "
                        + IoUring.unavailabilityCause());
        assertThat(AsyncFiles.engine()).isEqualTo(wanted.equals("auto") ? "io_uring" : wanted);
    }

    @Test
    void anyOtherNameIsRefused() {
        assertThat(Engines.choose("THREADS").name()).isEqualTo("threads");
        assertThatThrownBy(() -> Engines.choose("aio")).hasMessageContaining("weir.files.engine");
    }

    @Test
    void aWholeFileArrivesWhereItsEngineWorks() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "x");
        boolean ring = AsyncFiles.engine().equals("io_uring");
        StepVerifier.create(AsyncFiles.readString(file).flatMap(text -> Mono.just(Thread.currentThread())))
                .assertNext(thread -> {
                    assertThat(thread.getName()).startsWith(ring ? "weir-files-" : "weir-blocking");
                    assertThat(thread instanceof NonBlocking).isEqualTo(ring);
                })
                .verifyComplete();
    }

    @Test
    void aLargeFileIsLeftToTheThreads() throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[RingRead.LARGE + 1]);
        StepVerifier.create(AsyncFiles.readAllBytes(file)
                        .map(bytes -> bytes.length + Thread.currentThread().getName()))
                .assertNext(told -> assertThat(told).startsWith(RingRead.LARGE + 1 + "weir-blocking"))
                .verifyComplete();
    }
}
