package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ten thousand operations that are cancelled or fail, of all kinds: nothing stays open, no buffer and no file is left. */
class FaultsTest {
    private static final int CANCELS_AND_FAULTS = 10_000;
    private static final int MOST_OPERATIONS = 100_000;
    private static final int KINDS = 16;
    private static final int AT_ONCE = 32;
    private static final int FEW = 16; // rings that are set up when first used
    private static final Path FULL = Path.of("/dev/full");
    private static final Duration OFTEN = Duration.ofMillis(1);

    private final Path folder;
    private final List<Path> paths;
    private final Path log;
    private final ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray cancels = new AtomicIntegerArray(KINDS);
    private final AtomicIntegerArray faults = new AtomicIntegerArray(KINDS);
    private final AtomicInteger met = new AtomicInteger();

    FaultsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.log = folder.resolve("log");
        this.paths = List.of(
                Files.writeString(folder.resolve("small"), "some line\n"),
                Files.writeString(folder.resolve("several reads"), "some line\n".repeat(30_000)),
                Files.createFile(folder.resolve("empty")),
                Files.write(folder.resolve("malformed"), new byte[] {(byte) 0xFF}),
                Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop")),
                folder.resolve("missing"),
                folder);
    }

    @Test
    void leaveNothingBehind() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int kind = 0; kind < KINDS; kind++) {
            one(kind, random).block(); // what stays open from now on is ours
        }
        OpenFiles.assertNoneUnder(folder);
        int before = OpenFiles.all().size();
        Flux.range(0, MOST_OPERATIONS)
                .takeWhile(i -> met.get() < CANCELS_AND_FAULTS)
                .flatMap(i -> one(i % KINDS, random), AT_ONCE)
                .blockLast();
        OpenFiles.assertNoneUnder(folder);
        OpenFiles.eventually(() -> OpenFiles.all().size() <= before + FEW);
        OpenFiles.eventually(() -> given.stream().allMatch(buffer -> buffer.refCnt() == 0));
        OpenFiles.eventually(() ->
                Stream.of(Objects.requireNonNull(folder.toFile().list())).noneMatch(name -> name.startsWith(".weir-")));
        assertThat(met).as("seed %d", seed).hasValueGreaterThanOrEqualTo(CANCELS_AND_FAULTS);
        for (int kind = 0; kind < KINDS; kind++) {
            assertThat(cancels.get(kind) + faults.get(kind))
                    .as("of kind %d", kind)
                    .isPositive();
        }
    }

    /** Each is cancelled at a random moment, or goes on to its end, which is an error for some of the paths. */
    private Mono<Void> one(int kind, Random random) {
        Path path = paths.get(random.nextInt(paths.size()));
        boolean endless = kind == 9 || kind == 10;
        Flux<?> operation = Flux.from(operation(kind, path, random))
                .doOnCancel(() -> count(cancels, kind))
                .doOnError(e -> count(faults, kind))
                .onErrorResume(FaultsTest::isExpected, e -> Mono.empty());
        boolean cancelled = endless || random.nextBoolean();
        long nanos = random.nextInt(300_000);
        return (cancelled ? operation.takeUntilOther(Mono.delay(Duration.ofNanos(nanos))) : operation).then();
    }

    private void count(AtomicIntegerArray where, int kind) {
        where.incrementAndGet(kind);
        met.incrementAndGet();
    }

    private static boolean isExpected(Throwable e) {
        return e instanceof FileException || e instanceof DecodeException || e instanceof SourceFailure;
    }

    private Publisher<?> operation(int kind, Path path, Random random) {
        int at = random.nextInt(20_000);
        ReadOptions options = ReadOptions.defaults()
                .withChunkSize(1 + random.nextInt(10_000))
                .withMaxSize(random.nextInt(10) == 0 ? 5 : 1 << 20);
        Path target = target(path, random);
        return switch (kind) {
            case 0 -> AsyncFiles.read(path, options).doOnNext(ByteBuf::release);
            case 1 -> AsyncFiles.readAllBytes(path, options);
            case 2 -> AsyncFiles.readString(path, options);
            case 3 -> AsyncFiles.lines(path, options);
            case 4 -> positions(path, at);
            case 5 -> AsyncFiles.write(target, source(random));
            case 6 -> AsyncFiles.writeAtomically(target, source(random));
            case 7 -> AsyncFiles.append(target, source(random));
            case 8 ->
                AsyncFiles.copy(path, noDevice(target), CopyOptions.defaults().replacing());
            case 9 ->
                FileTail.lines(
                        path, TailOptions.fromBeginning().withInterval(OFTEN).withReading(options));
            case 10 -> FileWatch.changes(path, WatchOptions.defaults().withInterval(OFTEN));
            case 11 -> FileTree.walk(path);
            case 12 -> AsyncFiles.write(target, Compression.gzip(AsyncFiles.read(path, options)));
            case 13 -> Compression.gunzip(AsyncFiles.read(path, options)).doOnNext(ByteBuf::release);
            case 14 -> AsyncFile.using(path, OpenOptions.readWrite(), file -> file.withLock(file.size()));
            default ->
                AppendLog.using(
                        random.nextInt(4) == 0 ? path.resolve("log") : log,
                        opened -> Flux.range(0, 4)
                                .flatMap(i -> opened.append(new byte[100]))
                                .then());
        };
    }

    /** A file of its own, a full device, or what is no place for a file. */
    private Path target(Path path, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> FULL;
            case 1 -> path.resolve("below");
            default -> folder.resolve("target" + random.nextInt(50));
        };
    }

    /** A copy would put a file in its place. */
    private Path noDevice(Path target) {
        return target.equals(FULL) ? folder.resolve("copy") : target;
    }

    /** Buffers, and after them an error now and then. */
    private Flux<ByteBuf> source(Random random) {
        int last = random.nextInt(8) == 0 ? 20 : -1;
        return Flux.range(0, 40).map(i -> {
            if (i == last) {
                throw new SourceFailure();
            }
            return bytes();
        });
    }

    /** Reads that end by themselves, which releases what arrives, and a write that may be cancelled at any moment. */
    private Flux<Integer> positions(Path path, int at) {
        return AsyncFile.usingMany(
                path,
                OpenOptions.readWrite(),
                file -> Flux.merge(
                        Mono.defer(() -> file.write(at, bytes())).map(Long::intValue),
                        Flux.range(0, 4)
                                .flatMap(i -> file.read(at + i, 100).map(buffer -> {
                                    buffer.release();
                                    return i;
                                })),
                        file.size().map(Long::intValue)));
    }

    private ByteBuf bytes() {
        ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(64).writeZero(64);
        given.add(bytes);
        return bytes;
    }

    private static final class SourceFailure extends RuntimeException {}
}
