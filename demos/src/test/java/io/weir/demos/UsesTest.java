package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.demos.ideas.DemoCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The uses among the demos, as far as they are alike: each runs without arguments, prints what is expected, and ends. */
class UsesTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Path EXPECTED = ROOT.resolve("demos/src/test/resources/io/weir/demos/uses");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Set<String> names() {
        return new CommandLine(new DemoCommand()).getSubcommands().keySet();
    }

    /** Times, rates and ports are masked. */
    @ParameterizedTest
    @MethodSource("names")
    void printsWhatIsExpectedAndEnds(String name) throws IOException {
        assertThat(weir("demo", name)).as(() -> out + "" + err).isZero();
        assertThat(masked(out.toString())).isEqualTo(Files.readString(EXPECTED.resolve(name + ".txt")));
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void helps(String name) {
        assertThat(weir("demo", name, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: weir demo " + name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void unknownOptionIsOneLineAndTwo(String name) {
        assertThat(weir("demo", name, "--no-such")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("weir demo " + name + ": ");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatStandsBeforeItIsRefused(String name) {
        assertThat(weir("demo", "hello", name)).isEqualTo(2);
        assertThat(weir("demo", "--all", name)).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("weir demo " + name + ": "));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void allPlaysIdeasAndUses() {
        assertThat(weir("demo", "--all", "--speed", "20")).as(err::toString).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith("== ")))
                .hasSizeGreaterThan(15 + names().size())
                .map(line -> line.substring(3, line.indexOf(':')))
                .containsAll(names());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyUseIsListed() throws IOException {
        assertThat(weir("demo")).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" ", 2)[0])).containsAll(names());
        try (Stream<Path> sources = Files.walk(ROOT.resolve("demos/src/main/java"))) {
            assertThat(sources.filter(UsesTest::isUse)).hasSize(names().size());
        }
    }

    private static boolean isUse(Path source) {
        try {
            return Files.isRegularFile(source) && Files.readString(source).contains(" extends Use {");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int weir(String... arguments) {
        return Weir.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    /** With the spaces before them: a number may have any length. */
    private static String masked(String text) {
        return text.replaceAll(":\\d{4,5}\\b", ":_")
                .replaceAll(" *\\b[\\d.,]+ ?(µs|ms|s|/s|bytes|requests)\\b", " _ $1");
    }
}
