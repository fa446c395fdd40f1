package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations on two open files, one an {@link AsyncFile} and one a {@link FileChannel}: the same results and the same content.
 * {@code -Dweir.files.operations} says how many.
 */
class AsyncFileModelTest {
    private static final int OPERATIONS = Integer.getInteger("weir.files.operations", 10_000);
    private static final int LOOK = 100;
    private static final int LARGEST = 20_000;

    private final Path folder;
    private final Random random = new Random(42);

    AsyncFileModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void randomOperationsDoWhatThoseOfAChannelDo() throws IOException {
        Path ours = folder.resolve("ours");
        Path theirs = folder.resolve("theirs");
        try (FileChannel channel = FileChannel.open(
                theirs, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            AsyncFile file = AsyncFile.open(ours, OpenOptions.readWrite().withCreateNew())
                    .blockOptional()
                    .orElseThrow();
            for (int i = 0; i < OPERATIONS; i++) {
                step(file, channel, "operation " + i);
                if (i % LOOK == 0) {
                    assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
                }
            }
            file.close().block();
        }
        assertThat(Files.readAllBytes(ours)).isEqualTo(Files.readAllBytes(theirs));
    }

    private void step(AsyncFile ours, FileChannel theirs, String number) throws IOException {
        long at = random.nextInt(LARGEST);
        int length = 1 + random.nextInt(random.nextBoolean() ? 16 : LARGEST / 2);
        switch (random.nextInt(7)) {
            case 0 ->
                assertThat(content(ours.read(at, length).block())).as(number).isEqualTo(read(theirs, at, length));
            case 1 -> {
                List<Integer> lengths = lengths();
                int all = lengths.stream().mapToInt(i -> i).sum();
                assertThat(contents(ours.readParts(at, lengths).block(), lengths))
                        .as(number)
                        .isEqualTo(read(theirs, at, all));
            }
            case 2 -> {
                byte[] bytes = bytes(length);
                assertThat(ours.write(at, bytes).block()).as(number).isEqualTo(length);
                write(theirs, at, bytes);
            }
            case 3 -> {
                List<byte[]> parts = lengths().stream().map(this::bytes).toList();
                byte[] all = Unpooled.copiedBuffer(parts.toArray(byte[][]::new)).array();
                assertThat(ours.write(
                                        at,
                                        parts.stream()
                                                .map(Unpooled::copiedBuffer)
                                                .toList())
                                .block())
                        .as(number)
                        .isEqualTo(all.length);
                write(theirs, at, all);
            }
            case 4 -> {
                ours.truncate(at).block();
                if (at < theirs.size()) {
                    theirs.truncate(at);
                } else {
                    extend(theirs, at);
                }
            }
            case 5 -> {
                ours.allocate(at, length).block();
                extend(theirs, at + length);
            }
            default -> assertThat(ours.size().block()).as(number).isEqualTo(theirs.size());
        }
    }

    private List<Integer> lengths() {
        return IntStream.range(0, 1 + random.nextInt(5))
                .mapToObj(i -> 1 + random.nextInt(2_000))
                .toList();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] content(@Nullable ByteBuf buffer) {
        if (buffer == null) {
            return new byte[0];
        }
        byte[] content = ByteBufUtil.getBytes(buffer);
        buffer.release();
        return content;
    }

    /** All but the last are of the length that was asked for. */
    private static byte[] contents(@Nullable List<ByteBuf> parts, List<Integer> lengths) {
        List<byte[]> each = new ArrayList<>();
        for (ByteBuf part : parts == null ? List.<ByteBuf>of() : parts) {
            each.add(content(part));
        }
        for (int i = 0; i < each.size() - 1; i++) {
            assertThat(each.get(i)).hasSize(lengths.get(i));
        }
        return ByteBufUtil.getBytes(Unpooled.copiedBuffer(each.toArray(byte[][]::new)));
    }

    private static byte[] read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int read = 0; read >= 0 && bytes.hasRemaining(); ) {
            read = channel.read(bytes, at + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining(); ) {
            channel.write(left, at + left.position());
        }
    }

    private static void extend(FileChannel channel, long size) throws IOException {
        if (size > channel.size()) {
            write(channel, size - 1, new byte[1]);
        }
    }
}
