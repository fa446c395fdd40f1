package io.weir.demos.sensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class WindowsTest {
    private final List<Window> over = new ArrayList<>();

    @Test
    void aWindowIsOverWhenItIsFullWhateverTheOrder() {
        Windows windows = new Windows(2, 2);
        for (int tick : new int[] {1, 2, 0, 1, 3, 0}) {
            over.addAll(windows.add(new Reading(tick, 1000L * tick)));
        }
        assertThat(over).containsExactly(new Window(0, 4, 2000, 0, 1000));
        over.addAll(windows.add(new Reading(3, 3000)));
        over.addAll(windows.add(new Reading(2, 2000)));
        assertThat(over).hasSize(2).last().extracting(Window::mean).isEqualTo(2.5);
    }

    @Test
    void aSensorThatIsSilentDoesNotHoldUpTheOthersForEver() {
        Windows windows = new Windows(2, 1);
        for (int tick = 0; tick < 100; tick++) {
            over.addAll(windows.add(new Reading(tick, 0)));
        }
        assertThat(over).hasSize(84).allMatch(window -> window.readings() == 1);
        assertThat(windows.add(new Reading(3, 0))).isEmpty();
        assertThat(windows.late()).isEqualTo(1);
    }

    @Test
    void noReadingIsLostWhereTheSumsAreSlowerThanTheSensors() {
        Station station = new Station(500, 3);
        List<Window> seen = new ArrayList<>();
        station.windows().subscribe(seen::add);
        station.run(8, Duration.ofNanos(1)).block();
        assertThat(seen).extracting(Window::number).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(seen).extracting(Window::readings).containsOnly(1500);
    }

    @Test
    void whoComesLateSeesTheLatest() {
        Station station = new Station(3, 2);
        station.run(5, Duration.ofMillis(1)).block();
        assertThat(Objects.requireNonNull(station.windows().collectList().block()))
                .singleElement()
                .extracting(Window::number)
                .isEqualTo(4);
    }
}
