package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
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
import reactor.core.publisher.Flux;

/** The rules of Reactive Streams, by their own test kit. */
class TckTest {
    private static final int MOST_ELEMENTS = 100_000;

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
