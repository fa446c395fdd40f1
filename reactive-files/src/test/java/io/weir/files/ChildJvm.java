package io.weir.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Another process with the class path and the engine of this one. */
final class ChildJvm {
    private ChildJvm() {}

    /** What starts it, errors of which appear among this process's own. */
    static ProcessBuilder builder(List<String> before, List<String> flags, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(flags);
        command.add("-D" + Engines.PROPERTY + "=" + AsyncFiles.engine());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Runs it to its end, and gives the lines {@code key: value} that it printed. */
    static Map<String, String> run(List<String> before, List<String> flags, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        Process child = builder(before, flags, main, arguments).start();
        try {
            Map<String, String> said = new TreeMap<>();
            for (String line : new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int colon = line.indexOf(": ");
                said.put(
                        line.substring(0, Math.max(0, colon)),
                        line.substring(colon + 1).strip());
            }
            said.put("exit", String.valueOf(child.waitFor()));
            return said;
        } finally {
            child.destroyForcibly();
        }
    }
}
