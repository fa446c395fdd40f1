package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command is known to each start of the command line: what only one of them needs must not be loaded for all. */
class StartTest {
    private static final Set<String> EXPECTED = Set.of(
            "java", "javax", "jdk", "sun", "com.sun", "io.weir", "picocli", "org.reactivestreams", "reactor.core");

    @TempDir
    Path dir;

    @Test
    void listingTheDemosLoadsNoOtherLibrary() throws IOException, InterruptedException {
        Path loaded = dir.resolve("loaded");
        Process weir = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + loaded,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Weir.class.getName(),
                        "demo"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(weir.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            weir.destroyForcibly();
        }
        assertThat(weir.exitValue()).isZero();
        try (Stream<String> lines = Files.lines(loaded)) {
            Set<String> foreign = lines.map(
                            line -> line.replaceAll("^(\\[[^]]*])+ ", "").split(" ")[0])
                    .filter(name -> EXPECTED.stream().noneMatch(expected -> name.startsWith(expected + ".")))
                    .collect(Collectors.toCollection(TreeSet::new));
            // A type that a signature names is loaded with it; a constant brings its whole library.
            assertThat(foreign).hasSizeLessThan(20);
        }
    }
}
