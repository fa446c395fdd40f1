package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client as a user has it who has none of the optional jars. */
class OptionalJarsTest {
    private final URLClassLoader without = new URLClassLoader(
            Stream.of(System.getProperty("java.class.path").split(":"))
                    .filter(entry ->
                            !entry.contains("jackson") && !entry.contains("brotli4j") && !entry.contains("zstd"))
                    .map(OptionalJarsTest::url)
                    .toArray(URL[]::new),
            ClassLoader.getPlatformClassLoader());

    @AfterEach
    void close() throws Exception {
        without.close();
    }

    @Test
    void onlyGzipIsAccepted() throws Exception {
        Method accepted = without.loadClass(Codings.class.getName()).getDeclaredMethod("accepted");
        accepted.setAccessible(true);
        assertThat(accepted.invoke(null)).isEqualTo("gzip");
    }

    @Test
    void whoAsksForJsonIsToldTheJar() throws Exception {
        Method json = without.loadClass(FetchBody.class.getName()).getMethod("ofJson", Object.class);
        assertThatThrownBy(() -> json.invoke(null, "x"))
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tools.jackson.core:jackson-databind");
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
