package io.weir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Holds the examples in the documentation to the code: each must stand, word for word, in a test of the module, where it is
 * compiled and run. White space does not count.
 */
public final class Examples {
    private static final Pattern JAVADOC =
            Pattern.compile("<pre>\\{@code\\R(.*?)\\R\\s*\\*\\s*}</pre>", Pattern.DOTALL);
    private static final Pattern MARKDOWN = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    private Examples() {}

    /** One test for each example in the Javadoc of {@code module}'s main sources. */
    public static Stream<DynamicTest> inJavadocOf(Path module) {
        return files(module.resolve("src/main/java"), ".java").flatMap(file -> check(file, JAVADOC, module));
    }

    /** One test for each Java example in {@code document}, which the tests of {@code module} must hold. */
    public static Stream<DynamicTest> inMarkdown(Path document, Path module) {
        return check(document, MARKDOWN, module);
    }

    private static Stream<DynamicTest> check(Path file, Pattern examples, Path module) {
        List<DynamicTest> tests = new ArrayList<>();
        String text = read(file);
        Matcher example = examples.matcher(text);
        while (example.find()) {
            long line = text.substring(0, example.start()).lines().count();
            String shown = example.group(1).replaceAll("(?m)^\\s*\\* ?", "");
            String code = normal(shown);
            tests.add(DynamicTest.dynamicTest(file.getFileName() + ":" + line, () -> {
                boolean compiled = files(module.resolve("src/test/java"), ".java")
                        .anyMatch(test -> normal(read(test)).contains(code));
                if (!compiled) {
                    throw new AssertionError("no test in " + module.getFileName() + " holds this example:\n" + shown);
                }
            }));
        }
        return tests.stream();
    }

    private static String normal(String code) {
        return code.replaceAll("\\s+", "");
    }

    private static Stream<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
