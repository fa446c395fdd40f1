package io.weir.demos.orders;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;

/** On a real server, whose binaries come in a jar, for Linux on x86-64. */
@EnabledIf(
        value = "canRun",
        disabledReason =
                "PostgreSQL's binaries are for Linux on x86-64, and refuse to run as root where unshare is not allowed")
class ShopOnPostgresTest extends ShopContract {
    private static EmbeddedPostgres server;

    static boolean canRun() throws IOException, InterruptedException {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && (!System.getProperty("user.name").equals("root") || succeeds("unshare", "-U", "true"));
    }

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().setCleanDataDirectory(true).start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    String url() {
        return "r2dbc:postgresql://postgres:postgres@localhost:" + server.getPort() + "/postgres";
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
