package io.weir.demos.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void openLoopCountsFromWhenARequestWasDue() {
        Measurement all = new Measurement("open", true);
        long now = System.nanoTime();
        all.add("status 200", now - 5000 * MILLI, now - 10 * MILLI);

        assertThat(millis(all.measured(), 100)).isBetween(10L, 4000L);
        assertThat(millis(all.corrected(), 100)).isGreaterThanOrEqualTo(5000);
        assertThat(all.ends()).containsOnlyKeys("status 200");
    }

    /** A hundred quick answers and one of ten seconds: at their pace a thousand would have been sent meanwhile. */
    @Test
    void closedLoopAddsTheRequestsThatASlowOneKeptBack() {
        Measurement all = new Measurement("closed", false);
        for (int i = 0; i < 100; i++) {
            all.add("status 200", 0, System.nanoTime() - 10 * MILLI);
        }
        all.add("status 200", 0, System.nanoTime() - 10_000 * MILLI);

        assertThat(all.measured().getTotalCount()).isEqualTo(101);
        assertThat(millis(all.measured(), 50)).isBetween(10L, 4000L);
        assertThat(all.corrected().getTotalCount()).isGreaterThan(102);
        assertThat(all.corrected().getMean()).isGreaterThan(all.measured().getMean());
    }

    @Test
    void withoutRequestsThereIsStillATable() {
        assertThat(LoadTable.of(new Measurement("nothing", false))).contains("0 requests", "all");
        assertThat(LatencyPlot.of(new Measurement("nothing", false))).doesNotContain("NaN", "Infinity");
    }

    private static long millis(Histogram latencies, double percentile) {
        return TimeUnit.MICROSECONDS.toMillis(latencies.getValueAtPercentile(percentile));
    }
}
