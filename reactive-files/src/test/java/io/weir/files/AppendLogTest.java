package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.offload.Offload;
import io.weir.files.AppendLogException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class AppendLogTest {
    private final Path folder;
    private final Path file;
    private final HandScheduler hand = new HandScheduler();
    private final FaultyChannel channel;
    private final Queue<Object> told = new ConcurrentLinkedQueue<>();
    private final AppendLog log;

    AppendLogTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file = folder.resolve("log");
        this.channel = new FaultyChannel(file);
        this.log = log(AppendLogOptions.defaults());
    }

    private AppendLog log(AppendLogOptions options) {
        return new AppendLog(new AppendLoop(new FileOperation("append", file), options, () -> channel, hand));
    }

    private Disposable append(String record) {
        return append(log, record);
    }

    private Disposable append(AppendLog to, String record) {
        return to.append(record.getBytes(UTF_8)).subscribe(told::add, told::add);
    }

    @Nested
    class Groups {
        @Test
        void allThatWaitAreWrittenAndForcedTogetherInOrder() {
            append("a");
            append("bc");
            append("d");
            assertThat(log.waiting()).isEqualTo(3);
            assertThat(hand.runAll()).isEqualTo(1);
            assertThat(told).containsExactly(0L, 1L, 3L);
            assertThat(file).hasContent("abcd");
            assertThat(channel.forces).isEqualTo(1);
            assertThat(channel.writes).isEqualTo(1);
            assertThat(log.waiting()).isZero();
        }

        @Test
        void noAppendCompletesBeforeTheForce() {
            channel.beforeForce = () -> assertThat(told).isEmpty();
            append("a");
            hand.runAll();
            assertThat(told).containsExactly(0L);
        }

        @Test
        void whoComesWhileTheDeviceIsBusyIsInTheNextGroup() {
            channel.beforeForce = () -> {
                channel.beforeForce = () -> assertThat(told).containsExactly(0L);
                append("b");
                append("c");
            };
            append("a");
            hand.runAll();
            assertThat(told).containsExactly(0L, 1L, 2L);
            assertThat(channel.forces).isEqualTo(2);
        }

        @Test
        void aSystemThatWritesAByteAtATimeStillWritesRecordsWhole() {
            channel.mostAtOnce = 1;
            append("ab");
            append("cd");
            hand.runAll();
            assertThat(file).hasContent("abcd");
            assertThat(told).containsExactly(0L, 2L);
            assertThat(channel.forces).isEqualTo(1);
        }

        @Test
        void recordsOfAllSizesKeepTheirOrder() throws IOException {
            List<byte[]> records = new ArrayList<>();
            java.io.ByteArrayOutputStream expected = new java.io.ByteArrayOutputStream();
            for (int size : new int[] {3, 0, 70_000, 5, 3 << 20, 1, 200_000, 40_000, 50_000, 60_000, 2, 5 << 20, 7}) {
                byte[] record = new byte[size];
                ThreadLocalRandom.current().nextBytes(record);
                records.add(record);
                expected.writeBytes(record);
            }
            records.forEach(record -> log.append(record).subscribe(told::add, told::add));
            hand.runAll();
            assertThat(Files.readAllBytes(file)).isEqualTo(expected.toByteArray());
            assertThat(told).hasSize(records.size()).allMatch(offset -> offset instanceof Long);
        }

        @Test
        void offsetsGoOnFromWhatTheFileHolds() throws IOException {
            Files.writeString(file, "old");
            append("new");
            hand.runAll();
            assertThat(told).containsExactly(3L);
            assertThat(file).hasContent("oldnew");
        }

        @Test
        void nothingIsWrittenBeforeTheResultIsAskedFor() {
            StepVerifier.create(log.append(new byte[1]), 0)
                    .expectSubscription()
                    .then(() -> assertThat(hand.waiting()).isZero())
                    .thenRequest(1)
                    .then(hand::runAll)
                    .expectNext(0L)
                    .verifyComplete();
        }

        @Test
        void aSubscriberThatThrowsDoesNotKeepTheOthersFromBeingTold() {
            List<Throwable> dropped = new ArrayList<>();
            Hooks.onErrorDropped(dropped::add);
            try {
                log.append(new byte[1]).subscribe(new ThrowingSubscriber());
                append("b");
                hand.runAll();
            } finally {
                Hooks.resetOnErrorDropped();
            }
            assertThat(dropped).singleElement().isInstanceOf(ThrowingSubscriber.Mistake.class);
            assertThat(told).containsExactly(1L);
        }
    }

    @Nested
    class Cancel {
        @Test
        void beforeTheWriteWithdrawsTheRecord() {
            append("a");
            Disposable second = append("b");
            append("c");
            second.dispose();
            assertThat(log.waiting()).isEqualTo(2);
            hand.runAll();
            assertThat(file).hasContent("ac");
            assertThat(told).containsExactly(0L, 1L);
        }

        @Test
        void duringTheWriteLeavesTheRecordAndTellsNobody() {
            Disposable first = append("a");
            append("b");
            channel.beforeForce = first::dispose;
            hand.runAll();
            assertThat(file).hasContent("ab");
            assertThat(told).containsExactly(1L);
            assertThat(log.waiting()).isZero();
        }

        @Test
        void ofAllThatWaitForcesNothing() {
            append("a").dispose();
            hand.runAll();
            assertThat(channel.forces).isZero();
            assertThat(log.waiting()).isZero();
        }
    }

    @Nested
    class Failures {
        @Test
        void ofTheForceFailAllThatWaitedAndBreakTheLogForGood() {
            channel.failForce = true;
            append("a");
            append("b");
            hand.runAll();
            assertThat(told)
                    .hasSize(2)
                    .allSatisfy(t -> assertThat(t)
                            .isInstanceOfSatisfying(
                                    FileIoException.class,
                                    e -> assertThat(e).hasMessageContaining("Input/output error")));
            channel.failForce = false;
            told.clear();
            append("c");
            hand.runAll();
            assertThat(told)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            AppendLogException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.BROKEN));
            assertThat(channel.forces).isEqualTo(1);
            assertThat(channel.isOpen()).isFalse();
            assertThat(log.waiting()).isZero();
        }

        @Test
        void ofAWriteTakeBackWhatWasWrittenInPart() {
            append("safe");
            hand.runAll();
            channel.bytesUntilFull = 2;
            append("lost");
            hand.runAll();
            assertThat(file).hasContent("safe");
            assertThat(told).hasSize(2).last().isInstanceOf(FileIoException.class);
        }

        @Test
        void thatCannotBeTakenBackSaySo() {
            channel.bytesUntilFull = 2;
            channel.failTruncate = true;
            append("lost");
            hand.runAll();
            assertThat(told)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            FileIoException.class,
                            e -> assertThat(e.getCause().getSuppressed()).hasSize(1));
        }

        @Test
        void ofTheOpeningFailThatGroupOnly() throws IOException {
            AppendLog late = AppendLog.of(folder.resolve("missing/log"), AppendLogOptions.defaults());
            StepVerifier.create(late.append(new byte[1])).verifyError(PathNotFoundException.class);
            Files.createDirectory(folder.resolve("missing"));
            StepVerifier.create(late.append(new byte[1])).expectNext(0L).verifyComplete();
            late.close().block();
        }

        @Test
        void ofThePoolAreToldAndTheLogGoesOn() {
            hand.refuse(true);
            append("a");
            assertThat(told).singleElement().isInstanceOf(RejectedExecutionException.class);
            hand.refuse(false);
            told.clear();
            append("b");
            hand.runAll();
            assertThat(told).containsExactly(0L);
            assertThat(file).hasContent("b");
        }

        @Test
        void ofThoseWhoComeWhenTooManyWaitNameTheBound() {
            AppendLog small = log(AppendLogOptions.defaults().withMaxWaiting(2));
            append(small, "a");
            append(small, "b").dispose();
            append(small, "c");
            append(small, "d");
            assertThat(told)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            AppendLogException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FULL))
                    .asString()
                    .contains("maxWaiting 2");
            hand.runAll();
            assertThat(file).hasContent("ac");
            append(small, "e");
            hand.runAll();
            assertThat(file).hasContent("ace");
        }
    }

    @Nested
    class Close {
        @Test
        void waitsForWhatIsInFlightAndTakesNoMore() {
            append("a");
            StepVerifier closed = StepVerifier.create(log.close())
                    .then(() -> append("b"))
                    .then(hand::runAll)
                    .expectComplete()
                    .verifyLater();
            closed.verify();
            assertThat(file).hasContent("a");
            assertThat(told)
                    .hasSize(2)
                    .contains(0L)
                    .first()
                    .isInstanceOfSatisfying(
                            AppendLogException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
            assertThat(channel.isOpen()).isFalse();
            StepVerifier.create(log.close()).verifyComplete();
            assertThat(hand.waiting()).isZero();
        }

        @Test
        void ofALogThatWasNeverUsedNeedsNoWorker() {
            hand.refuse(true);
            StepVerifier.create(log.close()).verifyComplete();
        }

        @Test
        void thatThePoolRefusesStillClosesTheFile() {
            append("a");
            hand.runAll();
            hand.refuse(true);
            StepVerifier.create(log.close()).verifyComplete();
            assertThat(channel.isOpen()).isFalse();
        }

        @Test
        void followsTheUseWhateverItsEnd() {
            Path other = folder.resolve("used");
            StepVerifier.create(AppendLog.using(other, log -> log.append(new byte[3])))
                    .expectNext(0L)
                    .verifyComplete();
            IllegalStateException mistake = new IllegalStateException();
            StepVerifier.create(AppendLog.using(
                            other, log -> log.append(new byte[2]).then(Mono.error(mistake))))
                    .verifyErrorSatisfies(e -> assertThat(e).isSameAs(mistake));
            assertThat(OpenFiles.under(folder)).hasSize(1); // this test's own
            StepVerifier.create(AppendLog.using(
                            other, log -> log.append(new byte[1]).then(Mono.never())))
                    .then(() -> OpenFiles.eventually(() -> other.toFile().length() == 6))
                    .thenCancel()
                    .verify();
            OpenFiles.eventually(() -> OpenFiles.under(folder).size() == 1);
        }
    }

    @Test
    void manyThreadsAppendAndEveryRecordStandsWholeAtTheOffsetTold() throws IOException {
        Path shared = folder.resolve("deep/shared");
        Set<String> records = ConcurrentHashMap.newKeySet();
        AppendLogOptions options = AppendLogOptions.defaults().withParents();
        AppendLog.using(
                        shared,
                        options,
                        log -> Flux.range(0, 5_000)
                                .flatMap(
                                        i -> Mono.defer(() -> log.append(record(i)))
                                                .subscribeOn(Schedulers.parallel())
                                                .doOnNext(offset -> records.add(offset + ":" + i)),
                                        512)
                                .then())
                .block();
        List<String> lines = Files.readAllLines(shared);
        assertThat(lines).hasSize(5_000);
        Set<String> found = new TreeSet<>();
        long offset = 0;
        for (String line : lines) {
            found.add(offset + ":" + line.replaceAll("x*$", ""));
            offset += line.length() + 1;
        }
        assertThat(records).containsExactlyInAnyOrderElementsOf(found);
    }

    private static byte[] record(int i) {
        return (i + "x".repeat(i % 300) + "\n").getBytes(UTF_8);
    }

    private static Mono<Long> soon() {
        return Mono.delay(Duration.ofNanos(ThreadLocalRandom.current().nextLong(2_000_000)));
    }

    /** One in ten is left alone: a slow machine may cancel all the others before the file is there. */
    @Test
    void cancelsAtRandomMomentsLoseNoAnswerAndTearNoRecord() throws IOException {
        Path shared = folder.resolve("shared");
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        AppendLog.using(
                        shared,
                        log -> Flux.range(0, 3_000)
                                .flatMap(
                                        i -> log.append(record(i))
                                                .doOnNext(offset -> acknowledged.add(i))
                                                .takeUntilOther(i % 10 == 0 ? Mono.never() : soon()),
                                        64)
                                .then(Offload.blocking(() -> {
                                    OpenFiles.eventually(() -> log.waiting() == 0);
                                    return 1;
                                })))
                .block();
        List<Integer> found = Files.readAllLines(shared).stream()
                .map(line -> Integer.valueOf(line.replaceAll("x*$", "")))
                .toList();
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);
        assertThat(found).doesNotHaveDuplicates().containsAll(acknowledged);
        for (String line : Files.readAllLines(shared)) {
            int i = Integer.parseInt(line.replaceAll("x*$", ""));
            assertThat(line).hasSize(record(i).length - 1);
        }
    }

    @Test
    void aBoundBelowOneIsRefused() {
        assertThatThrownBy(() -> AppendLogOptions.defaults().withMaxWaiting(0)).hasMessageContaining("maxWaiting");
    }
}
