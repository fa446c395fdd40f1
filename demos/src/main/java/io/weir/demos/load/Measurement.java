package io.weir.demos.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * What one run of load saw. Latencies are in microseconds, at a precision of three digits, and those of failures count too: a
 * time-out that is left out is a tail that nobody sees.
 *
 * <p>There are two histograms, as a server that stalls keeps a client from sending what would have been slow (coordinated
 * omission): {@code measured}, from when a request was really sent, is what it looks like; {@code corrected} is what those
 * saw who did not wait for each other.
 */
final class Measurement {
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

    private final String title;
    private final Histogram measured = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Histogram fromIntendedStart = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Map<String, Integer> ends = new TreeMap<>();
    private final boolean openLoop;
    private final long began = System.nanoTime();
    private volatile long ended = began;

    Measurement(String title, boolean openLoop) {
        this.title = title;
        this.openLoop = openLoop;
    }

    /** One request has ended now. From any thread. */
    void add(String end, long intendedStart, long start) {
        long now = System.nanoTime();
        measured.recordValue(micros(now - start));
        fromIntendedStart.recordValue(micros(now - intendedStart));
        synchronized (ends) {
            ends.merge(end, 1, Integer::sum);
            ended = now;
        }
    }

    String title() {
        return title;
    }

    Histogram measured() {
        return measured;
    }

    /**
     * In an open loop, measured from when each request was to be sent. In a closed one there is no such time: the typical
     * latency is taken for the interval in which each connection would have gone on sending, and for every longer one the
     * requests are added that it kept back, as {@code recordValueWithExpectedInterval} does.
     */
    Histogram corrected() {
        return openLoop
                ? fromIntendedStart
                : measured.copyCorrectedForCoordinatedOmission(Math.max(1, measured.getValueAtPercentile(50)));
    }

    Duration took() {
        return Duration.ofNanos(ended - began);
    }

    double perSecond() {
        return measured.getTotalCount() * 1e9 / Math.max(1, ended - began);
    }

    /** How often each status and each kind of failure was seen. */
    Map<String, Integer> ends() {
        synchronized (ends) {
            return new TreeMap<>(ends);
        }
    }

    private static long micros(long nanos) {
        return Math.min(LONGEST_MICROS, Math.max(0, TimeUnit.NANOSECONDS.toMicros(nanos)));
    }
}
