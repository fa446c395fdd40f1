package io.weir.demos.ideas;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.weir.demos.Weir;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static Stream<String> names() {
        StringWriter list = new StringWriter();
        Weir.run(new PrintWriter(list), new PrintWriter(new StringWriter()), "demo");
        Set<String> uses = new CommandLine(new DemoCommand()).getSubcommands().keySet();
        return list.toString().lines().map(line -> line.split(" ", 2)[0]).filter(name -> !uses.contains(name));
    }

    /** Times are masked. The seconds are short first; a machine too busy to keep their order gets longer ones. */
    @ParameterizedTest
    @MethodSource("names")
    void printsWhatIsExpected(String name) throws IOException {
        assertThat(weir("demo", name, "--speed", "4")).as(err::toString).isZero();
        if (!masked(out.toString()).equals(expected(name))) {
            out.getBuffer().setLength(0);
            assertThat(weir("demo", name, "--speed", "0.5")).as(err::toString).isZero();
        }
        assertThat(masked(out.toString())).isEqualTo(expected(name));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyDemoOfThePackageIsListed() {
        List<String> listed = names().toList();
        assertThat(listed).doesNotHaveDuplicates().hasSizeGreaterThan(15);
        assertThat(new ClassFileImporter()
                        .importPackagesOf(Demo.class).stream()
                                .filter(type -> !type.isInterface() && type.isAssignableTo(Demo.class)))
                .hasSize(listed.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"demo nothing", "demo hello --speed 0", "demo hello --speed quick", "demo --speed NaN hello"})
    void badUsageIsOneLineAndTwo(String line) {
        assertThat(weir(line.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("weir demo: ");
        assertThat(out.toString()).isEmpty();
    }

    private int weir(String... arguments) {
        return Weir.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private static String masked(String text) {
        return text.replaceAll("(?m)^ +\\d+\\.\\d s", "    _ s").replaceAll("\\d+ ms", "_ ms");
    }

    private static String expected(String name) throws IOException {
        try (InputStream text = DemoCommandTest.class.getResourceAsStream(name + ".txt")) {
            assertThat(text).as(name + ".txt").isNotNull();
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
