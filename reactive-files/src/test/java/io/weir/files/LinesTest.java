package io.weir.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;

class LinesTest {
    private final Path file;

    LinesTest(@TempDir Path folder) {
        file = folder.resolve("file");
    }

    @Test
    void anEmptyFileHasNoLines() throws IOException {
        assertThat(lines("", 8)).isEmpty();
    }

    @Test
    void eachEndingEndsOneLine() throws IOException {
        assertThat(lines("lf\ncr\rcrlf\r\n\n\r\r\n\n\rlast", 256))
                .containsExactly("lf", "cr", "crlf", "", "", "", "", "", "last");
    }

    @Test
    void theLastLineNeedsNoEnding() throws IOException {
        assertThat(lines("a\nb", 256)).containsExactly("a", "b");
        assertThat(lines("a\nb\n", 256)).containsExactly("a", "b");
        assertThat(lines("a\nb\r", 256)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "IBM037"})
    void everyCutAnywhereGivesTheSameLines(String charset) throws IOException {
        assumeTrue(Charset.isSupported(charset));
        String text = "first\r\nsecond, longer than eight\n\rx\r\r\n\nlast";
        List<String> expected = model(text);
        for (int chunk = 1; chunk <= 200; chunk++) {
            assertThat(lines(text, Charset.forName(charset), chunk))
                    .as("chunk %d", chunk)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "GB18030", "UTF-32LE"})
    void charactersOfSeveralBytesMayBeCutAnywhere(String charset) throws IOException {
        assumeTrue(Charset.isSupported(charset));
        String text = "\u00e4\u20ac\r\n\ud83d\ude00x\ud83d\ude00\n\u4e2d";
        for (int chunk = 1; chunk <= 40; chunk++) {
            assertThat(lines(text, Charset.forName(charset), chunk))
                    .as("chunk %d", chunk)
                    .containsExactly("\u00e4\u20ac", "\ud83d\ude00x\ud83d\ude00", "\u4e2d");
        }
    }

    @Test
    void aCharsetWithShiftStatesIsDecodedAsOneStream() throws IOException {
        assumeTrue(Charset.isSupported("ISO-2022-JP"));
        // Encoded as a whole, the shift stays on over a line feed only in some encoders; each must come back.
        assertThat(lines("\u65e5\u672c\nabc\n\u8a9e", Charset.forName("ISO-2022-JP"), 3))
                .containsExactly("\u65e5\u672c", "abc", "\u8a9e");
    }

    @Test
    void fileSizesAroundTheChunkSizeAreRead() throws IOException {
        int chunk = 64;
        for (int size : new int[] {0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1}) {
            String withoutEnding = "x".repeat(size);
            assertThat(lines(withoutEnding, chunk)).isEqualTo(size == 0 ? List.of() : List.of(withoutEnding));
            if (size > 0) {
                String line = "x".repeat(size - 1);
                assertThat(lines(line + "\n", chunk)).containsExactly(line);
            }
        }
    }

    @Test
    void randomTextGivesWhatABufferedReaderGives() throws IOException {
        Charset[] charsets = {UTF_8, ISO_8859_1, UTF_16, UTF_16LE};
        String[] pieces = {"\n", "\r", "\r\n", "a", "bc", "12345678", "\u00e9", " ", "\t", "0".repeat(70)};
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 1_500; round++) {
            String text = random.ints(random.nextInt(60), 0, pieces.length)
                    .mapToObj(i -> pieces[i])
                    .collect(Collectors.joining());
            Charset charset = charsets[random.nextInt(charsets.length)];
            int chunk = 1 + random.nextInt(random.nextBoolean() ? 10 : 300);
            assertThat(lines(text, charset, chunk))
                    .as("seed %d, round %d, %s in chunks of %d", seed, round, charset, chunk)
                    .isEqualTo(model(text));
        }
    }

    @Test
    void manyLinesOfAllLengthsSurviveTheDefaultChunk() throws IOException {
        List<String> expected = IntStream.range(0, 20_000)
                .mapToObj(i -> i + ":" + "y".repeat(i % 97))
                .toList();
        Files.write(file, expected);
        assertThat(AsyncFiles.lines(file).collectList().block()).isEqualTo(expected);
    }

    @Test
    void theSearchFindsTheFirstEndingAtEveryPlace() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            Random random = new Random(length);
            random.nextBytes(bytes);
            for (int i = 0; i < length; i++) {
                // The neighbours of CR and LF, and of their bits, are where a wrong borrow would show.
                bytes[i] = (byte) new int[] {9, 11, 12, 14, 0x8A, 0x8D, 0, 0xFF}[bytes[i] & 7];
            }
            assertThat(ByteLineSplitter.indexOfLineEnding(bytes, 0, length)).isEqualTo(-1);
            for (int at = 0; at < length; at++) {
                for (byte ending : new byte[] {'\n', '\r'}) {
                    byte[] with = bytes.clone();
                    with[at] = ending;
                    if (at + 1 < length) {
                        with[at + 1] = 11; // a false match, if the borrow ran up
                    }
                    for (int from = 0; from <= at; from++) {
                        assertThat(ByteLineSplitter.indexOfLineEnding(with, from, length))
                                .isEqualTo(at);
                    }
                    assertThat(ByteLineSplitter.indexOfLineEnding(with, 0, at)).isEqualTo(-1);
                }
            }
        }
    }

    @Nested
    class ByteOrderMark {
        @Test
        void isDroppedOnceAtTheBeginning() throws IOException {
            for (Charset charset : new Charset[] {UTF_8, UTF_16LE, UTF_16BE}) {
                for (int chunk = 1; chunk < 12; chunk++) {
                    assertThat(lines("\ufeffa\n\ufeffb", charset, chunk)).containsExactly("a", "\ufeffb");
                }
            }
        }

        @Test
        void aloneIsAnEmptyFile() throws IOException {
            for (int chunk = 1; chunk < 5; chunk++) {
                assertThat(lines("\ufeff", chunk)).isEmpty();
                assertThat(lines("\ufeff", UTF_16LE, chunk)).isEmpty();
                assertThat(lines("\ufeff\n", chunk)).containsExactly("");
            }
        }

        @Test
        void tellsTheOrderOfUtf16() throws IOException {
            Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0, '\n', 0, 'b', 0});
            assertThat(read(UTF_16, 3)).containsExactly("a", "b");
        }
    }

    @Nested
    class Limits {
        @Test
        void aLineOfTheLimitPassesAndOneByteMoreDoesNot() throws IOException {
            for (Charset charset : new Charset[] {UTF_8, UTF_16LE}) {
                int bytes = "x".getBytes(charset).length;
                int limit = 10 * bytes;
                String fits = "x".repeat(10);
                for (int chunk : new int[] {1, 3, 10, 11, 12, 13, 20, 21, 22, 100}) {
                    for (String ending : List.of("", "\n", "\r\n")) {
                        ReadOptions options = ReadOptions.defaults()
                                .withCharset(charset)
                                .withChunkSize(chunk)
                                .withMaxLineLength(limit);
                        Files.writeString(file, "ab\n" + fits + ending, charset);
                        StepVerifier.create(AsyncFiles.lines(file, options))
                                .expectNext("ab", fits)
                                .verifyComplete();
                        Files.writeString(file, "ab\n" + fits + "x" + ending, charset);
                        StepVerifier.create(AsyncFiles.lines(file, options))
                                .expectNext("ab")
                                .verifyErrorSatisfies(e -> assertThat(e)
                                        .isInstanceOfSatisfying(LineTooLongException.class, tooLong -> {
                                            assertThat(tooLong.offset()).isEqualTo(3L * bytes);
                                            assertThat(tooLong.limit()).isEqualTo(limit);
                                            assertThat(tooLong.setting()).isEqualTo("maxLineLength");
                                            assertThat(tooLong.path()).isEqualTo(file);
                                        }));
                    }
                }
            }
        }

        @Test
        void theOffsetIsTheFilesAlsoAfterManyChunks() throws IOException {
            String before = "0123456\n".repeat(1000);
            Files.writeString(file, before + "x".repeat(50));
            ReadOptions options = ReadOptions.defaults().withChunkSize(37).withMaxLineLength(49);
            StepVerifier.create(AsyncFiles.lines(file, options))
                    .expectNextCount(1000)
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(
                                    LineTooLongException.class,
                                    tooLong -> assertThat(tooLong.offset()).isEqualTo(8000)));
        }
    }

    @Nested
    class Malformed {
        @Test
        void bytesAreAnErrorWithTheirOffset() throws IOException {
            for (int chunk = 1; chunk < 20; chunk++) {
                assertMalformed(UTF_8, chunk, 6, 'a', 'b', '\n', 'c', 'd', 'e', 0xFF, 'f', '\n');
                assertMalformed(UTF_8, chunk, 3, 'a', 'b', '\n', 0xE2, 0x82);
                assertMalformed(US_ASCII, chunk, 4, 'a', 'b', '\n', 'c', 0x80);
                assertMalformed(UTF_16BE, chunk, 6, 0, 'a', 0, '\n', 0, 'c', 0xDC, 0, 0, 'x');
                assertMalformed(UTF_16BE, chunk, 4, 0, 'a', 0, '\n', 0);
            }
        }

        @Test
        void bytesAreReplacedWhereThatIsAskedFor() throws IOException {
            for (int chunk = 1; chunk < 20; chunk++) {
                assertReplaced(UTF_8, chunk, "cde\ufffdf", 'a', 'b', '\n', 'c', 'd', 'e', 0xFF, 'f', '\n');
                assertReplaced(UTF_8, chunk, "\ufffd", 'a', 'b', '\n', 0xE2, 0x82);
                assertReplaced(US_ASCII, chunk, "c\ufffd", 'a', 'b', '\n', 'c', 0x80);
                assertReplaced(UTF_16BE, chunk, "c\ufffdx", 0, 'a', 0, '\n', 0, 'c', 0xDC, 0, 0, 'x');
                assertReplaced(UTF_16BE, chunk, "\ufffd", 0, 'a', 0, '\n', 0);
            }
        }

        private void assertReplaced(Charset charset, int chunk, String second, int... bytes) throws IOException {
            write(bytes);
            ReadOptions options = ReadOptions.defaults()
                    .withCharset(charset)
                    .withChunkSize(chunk)
                    .replacingMalformed();
            StepVerifier.create(AsyncFiles.lines(file, options).skip(1))
                    .expectNext(second)
                    .verifyComplete();
            StepVerifier.create(AsyncFiles.readString(file, options))
                    .assertNext(text -> assertThat(text.strip()).endsWith("\n" + second))
                    .verifyComplete();
        }

        @Test
        void aReplacementCharacterInTheFileIsText() throws IOException {
            assertThat(lines("a\ufffdb\nc", 2)).containsExactly("a\ufffdb", "c");
        }

        private void assertMalformed(Charset charset, int chunk, long offset, int... bytes) throws IOException {
            write(bytes);
            ReadOptions options = ReadOptions.defaults().withCharset(charset).withChunkSize(chunk);
            StepVerifier.create(AsyncFiles.lines(file, options))
                    .expectNextCount(1)
                    .verifyErrorSatisfies(e -> assertThat(e)
                            .isInstanceOfSatisfying(MalformedTextException.class, malformed -> {
                                assertThat(malformed.offset())
                                        .as("%s, chunk %d", charset, chunk)
                                        .isEqualTo(offset);
                                assertThat(malformed.charset()).isEqualTo(charset);
                                assertThat(malformed.path()).isEqualTo(file);
                            }));
        }

        private void write(int... bytes) throws IOException {
            byte[] content = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                content[i] = (byte) bytes[i];
            }
            Files.write(file, content);
        }
    }

    private List<String> lines(String text, int chunk) throws IOException {
        return lines(text, UTF_8, chunk);
    }

    private List<String> lines(String text, Charset charset, int chunk) throws IOException {
        Files.write(file, text.getBytes(charset));
        return read(charset, chunk);
    }

    private List<String> read(Charset charset, int chunk) {
        List<String> lines = new ArrayList<>();
        AsyncFiles.lines(file, ReadOptions.defaults().withCharset(charset).withChunkSize(chunk))
                .doOnNext(lines::add)
                .blockLast();
        return lines;
    }

    private static List<String> model(String text) {
        return new BufferedReader(new StringReader(text)).lines().toList();
    }
}
