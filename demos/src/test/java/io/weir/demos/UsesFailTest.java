package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong with a use is one line on standard error, and the right exit code. */
class UsesFailTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fetch --concurrency 0 http://h/       | --concurrency",
                "fetch --concurrency many              | --concurrency",
                "fetch --retries 11                    | --retries",
                "fetch --timeout soon                  | 'soon'",
                "aggregate --deadline soon             | 'soon'",
                "aggregate --url http://h/             | --url",
                "service --port 70000                  | --port",
                "service --threads 0                   | --threads",
                "service --queue 0                     | --queue",
                "service --grace 1m                    | --grace",
                "service here                          | 'here'",
                "load --rate 0 http://h/               | --rate",
                "load --connections 0 http://h/        | --connections",
                "load --duration 23h --rate 9999 http://h/ | --duration",
                "load --html /no/such/folder/a.html    | --html",
                "load --html /                         | --html",
                "load http://h/ http://g/              | 'http://g/'",
            })
    void badUsageIsTwo(String line, String expected) {
        assertThat(weir(line)).isEqualTo(2);
        assertComplaint(line, expected);
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fetch http://127.0.0.1:1/ --retries 0 | 1 of 1 URLs were not answered",
                "fetch http://no-such-host.invalid/    | 1 of 1 URLs were not answered",
                "fetch @/no/such/file                  | /no/such/file",
                "aggregate --url a=http://127.0.0.1:1/ | no part",
                "aggregate --url a=http://127.0.0.1:1/ --all-or-nothing | http://127.0.0.1:1/",
                "load http://127.0.0.1:1/              | http://127.0.0.1:1/",
                "load http://no-such-host.invalid/     | no-such-host.invalid",
                "load no-url                           | URL",
            })
    void failureIsOne(String line, String expected) {
        assertThat(weir(line)).as(err::toString).isEqualTo(1);
        assertComplaint(line, expected);
    }

    @Test
    void portThatIsTakenIsOne() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String line = "service --port " + taken.getLocalPort();
            assertThat(weir(line)).as(err::toString).isEqualTo(1);
            assertComplaint(line, Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void deadlineThatIsOverIsOne() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(weir("aggregate --all-or-nothing --deadline 200ms --url a=" + url))
                    .as(err::toString)
                    .isEqualTo(1);
            assertThat(err.toString().lines()).singleElement().asString().startsWith("weir demo aggregate: ");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDiskIsOne() {
        assertThat(weir("load --html /dev/full")).as(err::toString).isEqualTo(1);
        assertComplaint("load", "/dev/full");
        assertThat(Path.of("/dev/full"))
                .satisfies(full -> assertThat(Files.isRegularFile(full)).isFalse());
    }

    private void assertComplaint(String line, String expected) {
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("weir demo " + line.split(" ")[0] + ": ")
                .contains(expected);
    }

    private int weir(String line) {
        return Weir.run(new PrintWriter(out, true), new PrintWriter(err, true), ("demo " + line).split(" "));
    }
}
