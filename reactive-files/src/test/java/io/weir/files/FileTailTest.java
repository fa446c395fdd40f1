package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Workers by hand and time by hand: a look happens when the test says so. */
class FileTailTest {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Path folder;
    private final Path file;
    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final HandScheduler hand = new HandScheduler();
    private final List<String> seen = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    FileTailTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("log");
    }

    @AfterEach
    void resetTime() {
        VirtualTimeScheduler.reset();
    }

    private BaseSubscriber<String> tail(TailOptions options, long demand) {
        FileOperation operation = new FileOperation("tail", file);
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(demand);
            }

            @Override
            protected void hookOnNext(String line) {
                seen.add(line);
            }

            @Override
            protected void hookOnError(Throwable t) {
                failures.add(t);
            }
        };
        CursorFlux.polling(operation, () -> TailLines.open(operation, options), INTERVAL, () -> hand)
                .subscribe(subscriber);
        hand.runAll();
        return subscriber;
    }

    private BaseSubscriber<String> tail(TailOptions options) {
        return tail(options, Long.MAX_VALUE);
    }

    private void look() {
        time.advanceTimeBy(INTERVAL);
        hand.runAll();
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void whatIsWrittenAfterTheSubscriptionIsTold() throws IOException {
        write("old\n");
        BaseSubscriber<String> tail = tail(TailOptions.fromEnd());
        look();
        assertThat(seen).isEmpty();
        write("a\nb\n");
        assertThat(seen).isEmpty();
        look();
        assertThat(seen).containsExactly("a", "b");
        tail.cancel();
        hand.runAll();
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void fromTheBeginningWhatIsThereComesFirst() throws IOException {
        write("a\n");
        tail(TailOptions.fromBeginning());
        assertThat(seen).containsExactly("a");
        write("b\n");
        look();
        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void aLineIsHeldUntilItsEnd() throws IOException {
        write("");
        tail(TailOptions.fromEnd());
        write("half");
        look();
        assertThat(seen).isEmpty();
        write(" and half\r");
        look();
        write("\nnext\n");
        look();
        assertThat(seen).containsExactly("half and half", "next");
    }

    @Test
    void aFileThatWasEmptiedIsReadFromItsBeginning() throws IOException {
        write("first\n");
        tail(TailOptions.fromBeginning());
        write("held");
        look();
        Files.writeString(file, "new\n");
        look();
        assertThat(seen).containsExactly("first", "held", "new");
    }

    @Test
    void aFileThatWasRotatedIsReadToItsEndBeforeTheNewOne() throws IOException {
        write("1\n");
        tail(TailOptions.fromBeginning());
        write("2\n3");
        Path old = Files.move(file, folder.resolve("log.1"));
        look();
        assertThat(seen).containsExactly("1", "2");
        Files.writeString(old, " late\nlast", StandardOpenOption.APPEND);
        write("new\n");
        look();
        assertThat(seen).containsExactly("1", "2", "3 late", "last", "new");
        assertThat(OpenFiles.under(folder)).containsExactly(file);
    }

    @Test
    void aFileThatIsReplacedByRenameIsFollowed() throws IOException {
        write("1\n");
        tail(TailOptions.fromBeginning());
        Path next = Files.writeString(folder.resolve("next"), "2\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        look();
        write("3\n");
        look();
        assertThat(seen).containsExactly("1", "2", "3");
    }

    @Test
    void aFileThatIsMissingAtFirstIsAnErrorOrIsWaitedFor() throws IOException {
        tail(TailOptions.fromEnd());
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        PathNotFoundException.class,
                        e -> assertThat(e.operation()).isEqualTo("tail"));
        tail(TailOptions.fromEnd().withWaiting());
        look();
        write("a\n");
        look();
        assertThat(seen).containsExactly("a");
    }

    @Test
    void withoutDemandNothingIsReadAndNoTimerRuns() throws IOException {
        write("a\nb\nc\n");
        BaseSubscriber<String> tail = tail(TailOptions.fromBeginning(), 1);
        assertThat(seen).containsExactly("a");
        look();
        assertThat(hand.waiting()).isZero();
        tail.request(1);
        hand.runAll();
        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void whileItWaitsItHoldsOneTimerAndNoWorker() throws IOException {
        write("");
        BaseSubscriber<String> tail = tail(TailOptions.fromEnd(), 1);
        tail.request(1);
        tail.request(1);
        hand.runAll();
        time.advanceTimeBy(INTERVAL);
        assertThat(hand.runAll()).isEqualTo(1);
    }

    @Test
    void aFullPoolIsTold() throws IOException {
        write("");
        tail(TailOptions.fromEnd());
        hand.refuse(true);
        look();
        assertThat(failures).singleElement().isInstanceOf(RejectedExecutionException.class);
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void errorsOfTheTextAreThoseOfLines() throws IOException {
        write("ok\n\u00e9\u00e9");
        tail(TailOptions.fromBeginning().withReading(ReadOptions.defaults().withMaxLineLength(3)));
        assertThat(seen).containsExactly("ok");
        assertThat(failures).singleElement().isInstanceOf(LineTooLongException.class);
    }

    @Test
    void offsetsInErrorsCountFromTheFilesBeginning() throws IOException {
        write("1234\n");
        tail(TailOptions.fromEnd());
        Files.write(file, new byte[] {'5', '\n', (byte) 0xFF, '\n'}, StandardOpenOption.APPEND);
        look();
        assertThat(seen).containsExactly("5");
        assertThat(failures)
                .singleElement()
                .isInstanceOfSatisfying(
                        MalformedTextException.class,
                        e -> assertThat(e.offset()).isEqualTo(7));
    }

    @Test
    void malformedTextIsReplacedWhereThatIsAskedFor() throws IOException {
        write("");
        tail(TailOptions.fromEnd().withReading(ReadOptions.defaults().replacingMalformed()));
        Files.write(file, new byte[] {'5', (byte) 0xFF, '\n'}, StandardOpenOption.APPEND);
        look();
        assertThat(seen).containsExactly("5\ufffd");
    }

    @Test
    void whatIsNoRegularFileIsRefused() throws IOException {
        assumeTrue(FaultTest.makePipe(file), "no mkfifo here");
        tail(TailOptions.fromEnd());
        Files.delete(file);
        Files.createDirectory(file);
        tail(TailOptions.fromBeginning());
        assertThat(failures)
                .extracting(Throwable::getMessage)
                .satisfiesExactly(
                        pipe -> assertThat(pipe).contains("not a regular file"),
                        directory -> assertThat(directory).contains("is a directory"));
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void bytesComeAsTheyAreFromOneFileAfterTheOther() throws IOException {
        write("old");
        StringBuilder told = new StringBuilder();
        TailOptions options =
                TailOptions.fromEnd().withReading(ReadOptions.defaults().withChunkSize(2));
        FileOperation operation = new FileOperation("tail", file);
        Disposable tail = CursorFlux.polling(
                        operation, () -> new TailChunks(TailedFile.open(file, options), 2), INTERVAL, () -> hand)
                .doOnNext(buffer -> {
                    told.append(buffer.toString(UTF_8)).append('|');
                    buffer.release();
                })
                .subscribe();
        hand.runAll();
        write("12345");
        look();
        Files.delete(file);
        write("6");
        look();
        Files.writeString(file, "");
        look();
        write("7");
        look();
        assertThat(told).hasToString("12|34|5|6|7|");
        tail.dispose();
        hand.runAll();
        assertThat(OpenFiles.under(folder)).isEmpty();
    }

    @Test
    void otherCharsetsAreFollowedToo() throws IOException {
        write("");
        tail(TailOptions.fromEnd().withReading(ReadOptions.defaults().withCharset(UTF_16LE)));
        byte[] text = "a\nb\n".getBytes(UTF_16LE);
        Files.write(file, Arrays.copyOf(text, 3), StandardOpenOption.APPEND);
        look();
        Files.write(file, Arrays.copyOfRange(text, 3, 8), StandardOpenOption.APPEND);
        look();
        assertThat(seen).containsExactly("a", "b");
    }

    @Test
    void anIntervalOfNothingIsRefused() {
        assertThatThrownBy(() -> TailOptions.fromEnd().withInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** In real time, on real workers: a writer that rotates its log all the time, by rename. */
    @Test
    void noLineIsLostOrDoubledHoweverOftenTheLogIsRotated() throws IOException {
        VirtualTimeScheduler.reset();
        write("");
        int lines = 3_000;
        Flux<String> tail = FileTail.lines(file, TailOptions.fromBeginning().withInterval(Duration.ofMillis(1)));
        List<String> found = new ArrayList<>();
        Thread writer = new Thread(() -> rotate(lines, found));
        StepVerifier.create(tail.doOnNext(line -> {
                            synchronized (found) {
                                found.add(line);
                            }
                        })
                        .take(lines)
                        .doOnSubscribe(s -> writer.start())
                        .then(Mono.just(true)))
                .expectNext(true)
                .expectComplete()
                .verify(Duration.ofSeconds(60));
        assertThat(found)
                .containsExactlyElementsOf(
                        IntStream.range(0, lines).mapToObj(String::valueOf).toList());
        OpenFiles.assertNoneUnder(folder);
    }

    /** A file is rotated away only when all before it was read: a tail looks at one name, and cannot see two go by. */
    private void rotate(int lines, List<String> found) {
        try {
            for (int i = 0; i < lines; i++) {
                write(i + "\n");
                if (i % 100 == 99) {
                    int begunBefore = i - 99;
                    OpenFiles.eventually(() -> {
                        synchronized (found) {
                            return found.size() > begunBefore;
                        }
                    });
                    Files.move(file, folder.resolve("log.1"), StandardCopyOption.REPLACE_EXISTING);
                    write("");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFolderIsRefusedAlsoFromItsEnd() {
        Path some = file.getParent();
        for (TailOptions options : List.of(TailOptions.fromBeginning(), TailOptions.fromEnd())) {
            AtomicReference<Throwable> failure = new AtomicReference<>();
            CursorFlux.polling(
                            new FileOperation("tail", some),
                            () -> TailLines.open(new FileOperation("tail", some), options),
                            INTERVAL,
                            () -> hand)
                    .subscribe(line -> {}, failure::set);
            hand.runAll();
            assertThat(failure.get()).isInstanceOf(FileIoException.class).hasMessageEndingWith(": is a directory");
        }
    }
}
