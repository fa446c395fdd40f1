package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The rules of Reactive Streams, by their own test kit. */
class TckTest {
    private static final int MOST_ELEMENTS = 100_000;
    private static final int FILES = 100;

    private final Path folder;

    TckTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @TestFactory
    Stream<DynamicTest> lines() {
        return rules(new Verification<String>(MOST_ELEMENTS) {
            @Override
            public Publisher<String> createPublisher(long elements) {
                return AsyncFiles.lines(file("x\n".repeat((int) elements)));
            }

            @Override
            public Publisher<String> createFailedPublisher() {
                return AsyncFiles.lines(folder.resolve("missing"));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> read() {
        return rules(new Verification<Byte>(MOST_ELEMENTS) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                return AsyncFiles.read(
                                file("x".repeat((int) elements)),
                                ReadOptions.defaults().withChunkSize(1))
                        .map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return AsyncFiles.read(folder.resolve("missing")).map(TckTest::consume);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> tail() {
        return rules(new Verification<String>(MOST_ELEMENTS) {
            @Override
            public Publisher<String> createPublisher(long elements) {
                return FileTail.lines(file("x\n".repeat((int) elements)), TailOptions.fromBeginning())
                        .take(elements);
            }

            @Override
            public Publisher<String> createFailedPublisher() {
                return FileTail.lines(folder.resolve("missing"), TailOptions.fromBeginning());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> tailOfBytes() {
        return rules(new Verification<Byte>(MOST_ELEMENTS) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                TailOptions bytes = TailOptions.fromBeginning()
                        .withReading(ReadOptions.defaults().withChunkSize(1));
                return FileTail.bytes(file("x".repeat((int) elements)), bytes)
                        .take(elements)
                        .map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return FileTail.bytes(folder.resolve("missing"), TailOptions.fromBeginning())
                        .map(TckTest::consume);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> walk() throws IOException {
        Path tree = Files.createDirectory(folder.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(tree.resolve("f" + i));
        }
        return rules(new Verification<Path>(FILES) {
            @Override
            public Publisher<Path> createPublisher(long elements) {
                return FileTree.walk(tree).take(elements).map(WalkEntry::path);
            }

            @Override
            public Publisher<Path> createFailedPublisher() {
                return FileTree.walk(folder.resolve("missing")).map(WalkEntry::path);
            }
        });
    }

    /** While something changes all the time: a watch tells only of what comes after it began. */
    @TestFactory
    Stream<DynamicTest> watch() throws IOException {
        Path watched = Files.createDirectory(folder.resolve("watched"));
        Disposable changes = Flux.interval(Duration.ofMillis(1), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .concatMap(i -> AsyncFiles.write(watched.resolve("f" + i % FILES), new byte[1]), 1)
                .subscribe();
        WatchOptions often = WatchOptions.defaults().withInterval(Duration.ofMillis(1));
        return rules(new Verification<FileEvent>(FILES) {
                    @Override
                    public Publisher<FileEvent> createPublisher(long elements) {
                        return FileWatch.changes(watched, often).take(elements);
                    }

                    @Override
                    public Publisher<FileEvent> createFailedPublisher() {
                        return FileWatch.changes(folder.resolve("missing"), often);
                    }
                })
                .onClose(changes::dispose);
    }

    @TestFactory
    Stream<DynamicTest> readWhole() {
        return rules(new Verification<String>(1) {
            @Override
            public Publisher<String> createPublisher(long elements) {
                return AsyncFiles.readString(file("x")).filter(text -> elements > 0);
            }

            @Override
            public @Nullable Publisher<String> createFailedPublisher() {
                return null; // as for write, where a ring reads
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> positions() {
        Path path = file("x".repeat(FILES));
        return rules(new Verification<Byte>(FILES) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                return AsyncFile.usingMany(
                        path,
                        OpenOptions.read(),
                        open -> Flux.range(0, (int) elements)
                                .concatMap(i -> open.read(i, 1).map(TckTest::consume)));
            }

            @Override
            public @Nullable Publisher<Byte> createFailedPublisher() {
                return null; // as for write
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> write() {
        return rules(new Verification<Long>(1) {
            @Override
            public Publisher<Long> createPublisher(long elements) {
                Flux<ByteBuf> source = Flux.range(0, 3).map(i -> Unpooled.copyInt(i));
                return AsyncFiles.write(folder.resolve("written"), source).filter(bytes -> elements > 0);
            }

            @Override
            public @Nullable Publisher<Long> createFailedPublisher() {
                return null; // those rules want an error without demand, without which a write touches nothing
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> append() {
        AppendLog log = AppendLog.of(folder.resolve("log"), AppendLogOptions.defaults());
        return rules(new Verification<Long>(1) {
                    @Override
                    public Publisher<Long> createPublisher(long elements) {
                        return log.append(new byte[1]).filter(offset -> elements > 0);
                    }

                    @Override
                    public @Nullable Publisher<Long> createFailedPublisher() {
                        return null; // as for write
                    }
                })
                .onClose(() -> log.close().block());
    }

    @TestFactory
    Stream<DynamicTest> gzip() {
        return rules(new Verification<Byte>(3) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                return Compression.gzip(noise(elements), 0).take(elements).map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return Compression.gzip(Flux.error(new IOException())).map(TckTest::consume);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> gunzip() {
        return rules(new Verification<Byte>(300) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                Flux<ByteBuf> compressed = Compression.gzip(noise(elements), 0);
                return Compression.gunzip(compressed).take(elements).map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return Compression.gunzip(Flux.error(new IOException())).map(TckTest::consume);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> zstd() {
        return rules(new Verification<Byte>(3) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                return Compression.zstd(random(elements)).take(elements).map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return Compression.zstd(Flux.error(new IOException())).map(TckTest::consume);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> unzstd() {
        return rules(new Verification<Byte>(FILES) {
            @Override
            public Publisher<Byte> createPublisher(long elements) {
                Flux<ByteBuf> compressed = Compression.zstd(random(elements));
                return Compression.unzstd(compressed).take(elements).map(TckTest::consume);
            }

            @Override
            public Publisher<Byte> createFailedPublisher() {
                return Compression.unzstd(Flux.error(new IOException())).map(TckTest::consume);
            }
        });
    }

    /** What does not get smaller: as many full buffers come out as go in. */
    private static Flux<ByteBuf> random(long buffers) {
        byte[] noise = new byte[64 << 10];
        new Random(1).nextBytes(noise);
        return Flux.range(0, (int) buffers).map(i -> Unpooled.copiedBuffer(noise));
    }

    /** As much as makes so many full buffers; where the source is slow there are more, and smaller ones. */
    private static Flux<ByteBuf> noise(long buffers) {
        return Flux.range(0, (int) buffers).map(i -> Unpooled.wrappedBuffer(new byte[64 << 10]));
    }

    private static byte consume(ByteBuf buffer) {
        byte first = buffer.readByte();
        buffer.release();
        return first;
    }

    private Path file(String content) {
        try {
            return Files.writeString(Files.createTempFile(folder, "tck", ""), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private abstract static class Verification<T> extends PublisherVerification<T> {
        private final long most;

        Verification(long most) {
            super(new TestEnvironment(1_000, 50));
            this.most = most;
        }

        @Override
        public long maxElementsFromPublisher() {
            return most;
        }
    }

    private static Stream<DynamicTest> rules(PublisherVerification<?> verification) {
        return Arrays.stream(verification.getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(rule -> DynamicTest.dynamicTest(rule.getName(), () -> check(verification, rule)));
    }

    private static void check(PublisherVerification<?> verification, Method rule) throws Throwable {
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                throw new TestAbortedException(skipped.getMessage(), skipped);
            }
            throw e.getCause();
        }
    }
}
