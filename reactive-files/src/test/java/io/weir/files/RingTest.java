package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.weir.core.offload.Offload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What only a ring does. */
class RingTest {
    private final Path folder;
    private final Path file;

    RingTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = Files.writeString(folder.resolve("file"), "content");
    }

    @BeforeEach
    void onlyWithIoUring() {
        assumeTrue(IoUring.isAvailable(), () -> "no io_uring here: " + IoUring.unavailabilityCause());
    }

    private ThreadEngine engine() {
        ThreadEngine engine = Engines.choose("io_uring");
        assertThat(engine.name()).isEqualTo("io_uring");
        return engine;
    }

    private FileOperation operation(Path path) {
        return new FileOperation("readString", path);
    }

    @Test
    void anotherLoopWithARingIsUsedWhereTheCallerRunsOnIt() throws Exception {
        IoEventLoopGroup theirs = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
        try {
            IoEventLoop loop = theirs.next();
            ThreadEngine engine = engine();
            Mono<Boolean> onTheirs = engine.readString(operation(file), ReadOptions.defaults())
                    .map(text -> loop.inEventLoop())
                    .subscribeOn(Schedulers.fromExecutor(loop));
            StepVerifier.create(onTheirs.repeat(2)).expectNext(true, true, true).verifyComplete();
        } finally {
            theirs.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void aFileOpenedOnALoopThatHasEndedCanStillBeUsedAndClosed() throws Exception {
        IoEventLoopGroup theirs = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
        ThreadEngine engine = engine();
        OpenFile opened = engine.open(operation(file), OpenOptions.read())
                .subscribeOn(Schedulers.fromExecutor(theirs.next()))
                .block();
        theirs.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        StepVerifier.create(Mono.create(sink -> opened.size((size, failure) -> sink.success(size))))
                .expectNext(7L)
                .verifyComplete();
        opened.close((done, failure) -> {});
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void aPipeThatNobodyWritesToIsGivenUpWhenCancelled() throws Exception {
        Path pipe = folder.resolve("pipe");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "no mkfifo here");
        new ProcessBuilder("/usr/bin/mkfifo", pipe.toString()).start().waitFor();
        ThreadEngine engine = engine();
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(
                    engine.readString(operation(pipe), ReadOptions.defaults()).subscribe());
        }
        // Others are not kept waiting.
        assertThat(engine.readString(operation(file), ReadOptions.defaults()).block())
                .isEqualTo("content");
        waiting.forEach(Disposable::dispose);
        Mono<String> read =
                engine.readString(operation(pipe), ReadOptions.defaults()).cache();
        read.subscribe();
        // Opens at once if a reader is there, and it is the only one left.
        Mono<Void> write =
                Offload.blocking(() -> Files.writeString(pipe, "through")).then();
        StepVerifier.create(write.then(read)).expectNext("through").verifyComplete();
        OpenFiles.assertNoneUnder(folder);
    }

    @Test
    void anAnswerThatCannotBeTakenEndsNoLoop() throws Exception {
        IoEventLoopGroup theirs = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory());
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            IoEventLoop loop = theirs.next();
            Ring ring = new Ring(loop);
            Sinks.One<Integer> answered = Sinks.one();
            loop.execute(() -> ring.close(1_000_000, result -> {
                throw new NoClassDefFoundError("no descriptor to load it");
            }));
            loop.execute(() -> ring.close(1_000_000, answered::tryEmitValue));
            StepVerifier.create(answered.asMono()).expectNext(-9).verifyComplete();
            assertThat(dropped).singleElement().isInstanceOf(NoClassDefFoundError.class);
        } finally {
            Hooks.resetOnErrorDropped();
            theirs.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void moreReadsThanItLetsInWaitTheirTurn() {
        Gate gate = new Gate(2, 3);
        List<Integer> inside = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            gate.admit(() -> number != 3 && inside.add(number)); // the fourth no longer wants to
        }
        assertThat(inside).containsExactly(0, 1);
        assertThat(gate.load()).isEqualTo(5);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> gate.admit(() -> true))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("3 file operations wait");
        gate.leave();
        gate.leave();
        assertThat(inside).containsExactly(0, 1, 2, 4);
        gate.leave();
        gate.leave();
        assertThat(gate.load()).isZero();
    }

    @Test
    void aPathThatTheKernelCannotBeToldIsReadByThreads() throws IOException {
        ThreadEngine engine = engine();
        Path odd = Files.writeString(folder.resolve("n\u20ac\u00e4"), "odd");
        assertThat(engine.readString(operation(odd), ReadOptions.defaults()).block())
                .isEqualTo("odd");
        try (java.nio.file.FileSystem jar =
                java.nio.file.FileSystems.newFileSystem(folder.resolve("a.zip"), java.util.Map.of("create", "true"))) {
            Path inside = Files.writeString(jar.getPath("/f"), "zipped");
            StepVerifier.create(engine.readAllBytes(operation(inside), ReadOptions.defaults())
                            .map(bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8)))
                    .expectNext("zipped")
                    .verifyComplete();
        }
    }

    @Test
    void numbersOfTheKernelBecomeWhatTheJdkThrows() {
        assertThat(Errno.exception(file, -2)).isInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThat(Errno.exception(file, -13)).isInstanceOf(java.nio.file.AccessDeniedException.class);
        assertThat(Errno.exception(file, -17)).isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
        assertThat(operation(file).failure(Errno.exception(file, -40)))
                .hasMessageEndingWith(": Too many levels of symbolic links");
        assertThat(operation(file).failure(Errno.exception(file, -24))).hasMessageEndingWith(": Too many open files");
        assertThat(operation(file).failure(Errno.exception(file, -21))).hasMessageEndingWith(": is a directory");
    }
}
