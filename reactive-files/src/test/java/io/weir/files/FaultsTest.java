package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ten thousand operations, half of them cancelled and many of them failing: nothing stays open, and no buffer is left. */
class FaultsTest {
    private static final int OPERATIONS = 10_000;
    private static final int AT_ONCE = 32;
    private static final int FEW = 16; // rings that are set up when first used

    private final Path folder;
    private final List<Path> paths;
    private final ConcurrentLinkedQueue<ByteBuf> given = new ConcurrentLinkedQueue<>();

    FaultsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
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
        one(random).block(); // what stays open from now on is ours
        int before = OpenFiles.all().size();
        Flux.range(0, OPERATIONS)
                .map(i -> one(random))
                .flatMap(operation -> operation, AT_ONCE)
                .blockLast();
        OpenFiles.assertNoneUnder(folder);
        OpenFiles.eventually(() -> OpenFiles.all().size() <= before + FEW);
        OpenFiles.eventually(() -> given.stream().allMatch(buffer -> buffer.refCnt() == 0));
        assertThat(given).as("seed %d", seed).isNotEmpty();
    }

    private Mono<Void> one(Random random) {
        Path path = paths.get(random.nextInt(paths.size()));
        int at = random.nextInt(20_000);
        ReadOptions options = ReadOptions.defaults()
                .withChunkSize(1 + random.nextInt(10_000))
                .withMaxSize(random.nextInt(10) == 0 ? 5 : 1 << 20);
        Publisher<?> operation = switch (random.nextInt(5)) {
            case 0 -> AsyncFiles.read(path, options).doOnNext(ByteBuf::release);
            case 1 -> AsyncFiles.readAllBytes(path, options);
            case 2 -> AsyncFiles.readString(path, options);
            case 3 -> AsyncFiles.lines(path, options);
            default -> positions(path, at);
        };
        Flux<?> ended = Flux.from(operation).onErrorComplete(FileException.class);
        boolean cancelled = random.nextBoolean();
        long nanos = random.nextInt(300_000);
        return (cancelled ? ended.takeUntilOther(Mono.delay(Duration.ofNanos(nanos))) : ended).then();
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
}
