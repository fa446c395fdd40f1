package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many chunks are read at a time, for a reader that lets go of them at once and for one that does not. */
class ChunkCursorTest {
    private static final int CHUNK = 4;
    private static final String CONTENT = "0123456789abcdefghijklmnopqrstuvwxyz-+"; // 9 chunks and a half

    private final FaultyChannel channel;
    private final ChunkCursor cursor;
    private final List<ByteBuf> polled = new ArrayList<>();

    ChunkCursorTest(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), CONTENT);
        channel = new FaultyChannel(file);
        cursor = new ChunkCursor(channel, CHUNK);
    }

    @AfterEach
    void nothingIsHeldAfterTheClose() throws IOException {
        cursor.close();
        polled.stream().filter(chunk -> chunk.refCnt() > 0).forEach(ByteBuf::release);
        assertThat(polled).allMatch(chunk -> chunk.refCnt() == 0);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aReaderThatLetsGoGetsOneChunkAtATimeInTheSameMemory() throws IOException {
        long first = 0;
        for (int i = 0; i < 9; i++) {
            assertThat(cursor.fill(100)).isTrue();
            ByteBuf chunk = poll();
            first = i == 0 ? chunk.memoryAddress() : first;
            assertThat(chunk.memoryAddress()).isEqualTo(first);
            chunk.release();
            assertThat(cursor.poll()).isNull();
        }
    }

    @Test
    void aReaderThatHoldsOnGetsAsManyAsItWantsAndNoMore() throws IOException {
        assertThat(cursor.fill(4)).isTrue();
        poll();
        assertThat(cursor.poll()).isNull();
        assertThat(cursor.fill(3)).isTrue();
        assertThat(text(poll()) + text(poll()) + text(poll())).isEqualTo(CONTENT.substring(CHUNK, 4 * CHUNK));
        assertThat(cursor.poll()).isNull();
    }

    @Test
    void whatIsReadTogetherIsInMemoryOfItsOwnToTheEnd() throws IOException {
        List<ByteBuf> all = new ArrayList<>();
        while (cursor.fill(100)) {
            for (ByteBuf chunk = cursor.poll(); chunk != null; chunk = cursor.poll()) {
                polled.add(chunk);
                all.add(chunk);
            }
        }
        assertThat(all.stream().map(ChunkCursorTest::text).reduce("", String::concat))
                .isEqualTo(CONTENT);
    }

    @Test
    void whatWasReadBeforeAFailureComesBeforeIt() throws IOException {
        cursor.fill(1);
        poll();
        channel.readsUntilFailure = 2;
        assertThat(cursor.fill(8)).isTrue();
        assertThat(text(poll()) + text(poll())).isEqualTo(CONTENT.substring(CHUNK, 3 * CHUNK));
        assertThat(cursor.poll()).isNull();
        assertThatThrownBy(() -> cursor.fill(8)).hasMessage("Input/output error");
    }

    @Test
    void chunksNobodyPolledAreReleased() throws IOException {
        cursor.fill(1);
        ByteBuf held = poll();
        cursor.fill(8); // the check behind each test, and leak detection, see to the rest
        assertThat(held.refCnt()).isGreaterThan(1);
    }

    private ByteBuf poll() {
        ByteBuf chunk = cursor.poll();
        assertThat(chunk).isNotNull();
        polled.add(chunk);
        return chunk;
    }

    private static String text(ByteBuf chunk) {
        return chunk.toString(StandardCharsets.US_ASCII);
    }
}
