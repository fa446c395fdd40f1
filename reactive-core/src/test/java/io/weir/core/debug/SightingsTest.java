package io.weir.core.debug;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.debug.Report.HoggedThread;
import io.weir.core.debug.Report.NeverSubscribed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightingsTest {
    private final Sightings sightings = new Sightings();

    private static StackTraceElement frame(String method, int line) {
        return new StackTraceElement("Shop", method, "Shop.java", line);
    }

    private static NeverSubscribed dropped(int line) {
        return new NeverSubscribed("Mono", "AsyncQueue.put", "Mono.map", List.of(frame("sell", line)), 1);
    }

    private static HoggedThread hog(String method, int line, int millis) {
        return new HoggedThread("parallel-1", Duration.ofMillis(millis), frame(method, line), List.of(List.of()), 1);
    }

    @Test
    void aPlaceIsToldOnceAndCounted() {
        assertThat(sightings.add(dropped(1))).isTrue();
        assertThat(sightings.add(dropped(1))).isFalse();
        assertThat(sightings.add(dropped(2))).isTrue();
        assertThat(sightings.all()).extracting(Report::count).containsExactly(2L, 1L);
    }

    @Test
    void aMethodThatHogsIsOnePlaceAtWhateverLineItIsSeen() {
        assertThat(sightings.add(hog("count", 1, 100))).isTrue();
        assertThat(sightings.add(hog("count", 2, 300))).isFalse();
        assertThat(sightings.add(hog("sort", 1, 100))).isTrue();
        assertThat(sightings.all())
                .extracting(report -> report.count() + " x "
                        + ((HoggedThread) report).lasted().toMillis())
                .containsExactly("2 x 300", "1 x 100");
    }

    @Test
    void whatGoesOnIsKnownWithItsTimeSoFar() {
        HoggedThread told = hog("count", 1, 100);
        sightings.add(told);
        sightings.lasts(told, Duration.ofMillis(700));
        sightings.lasts(told, Duration.ofMillis(500));
        sightings.lasts(hog("unknown", 1, 100), Duration.ofMillis(500));
        assertThat(sightings.all())
                .extracting(report -> ((HoggedThread) report).lasted().toMillis())
                .containsExactly(700L);
    }

    @Test
    void aFloodOfPlacesIsBounded() {
        for (int line = 1; line <= Sightings.MOST; line++) {
            assertThat(sightings.isFull()).isFalse();
            assertThat(sightings.add(dropped(line))).isTrue();
        }
        assertThat(sightings.isFull()).isTrue();
        assertThat(sightings.add(dropped(0))).isFalse();
        assertThat(sightings.add(dropped(1))).isFalse();
        assertThat(sightings.all()).hasSize(Sightings.MOST);
        assertThat(sightings.all().get(0).count())
                .as("those that are known are counted")
                .isEqualTo(2);
    }
}
