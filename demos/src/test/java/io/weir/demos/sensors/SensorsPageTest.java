package io.weir.demos.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.TaskGroup;
import io.weir.demos.page.Browser;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import reactor.netty.DisposableServer;

@EnabledIf(value = "io.weir.demos.page.Browser#isThere", disabledReason = "there is no chromium on the PATH")
class SensorsPageTest {
    @Test
    void thePlotGrowsWithWhatIsMeasured() throws Exception {
        Station station = new Station(200, 3);
        DisposableServer server = Objects.requireNonNull(
                new StationServer(station).start("127.0.0.1", 0).block());
        TaskGroup tasks = TaskGroup.open();
        try (Browser browser = new Browser()) {
            tasks.start("sensors", station.run(1_000_000, Duration.ofMillis(5)));
            browser.open("http://127.0.0.1:" + server.port() + "/");
            browser.await("document.getElementById('state').textContent === 'live'");
            browser.await("(document.getElementById('mean').getAttribute('d') || '').split('L').length === 120");
            assertThat(browser.evaluate("document.getElementById('now').textContent"))
                    .matches("\\d+\\.\\d\\d");
            assertThat(browser.evaluate("'' + document.documentElement.scrollWidth"))
                    .as("there is no horizontal scroll")
                    .isEqualTo("360");
            browser.picture("sensors-light");
            browser.dark();
            browser.picture("sensors-dark");
            assertThat(browser.complaints()).isEmpty();
        } finally {
            tasks.cancel("over");
            tasks.terminated().block();
            server.disposeNow();
        }
    }
}
