package io.weir.demos.crawl;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts what the crawl did. Written by all workers, read by the progress display at any time. */
final class Statistics {

    private static final long LONGEST_MICROS = Duration.ofHours(1).toNanos() / 1000;

    private final long started = System.nanoTime();
    private final Map<String, LongAdder> byReason = new ConcurrentHashMap<>();
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final LongAdder nanos = new LongAdder();
    private final LongAdder inFlight = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder pages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder retries = new LongAdder();

    void began() {
        inFlight.increment();
    }

    void ended() {
        inFlight.decrement();
    }

    void add(Visit visit) {
        String outcome = visit.outcome().toString();
        String reason = visit.outcome() == PageOutcome.HTTP_ERROR ? "http " + visit.status() : outcome;
        byReason.computeIfAbsent(reason, name -> new LongAdder()).increment();
        done.increment();
        bytes.add(visit.bytes());
        retries.add(visit.retries());
        if (visit.outcome() == PageOutcome.OK) {
            pages.increment();
        }
        if (visit.outcome().isFailure()) {
            failed.increment();
        }
        nanos.add(visit.elapsed().toNanos());
        // A time without an answer says how patient we are, not how fast they are.
        if (visit.status() > 0 && !visit.elapsed().isZero()) {
            micros.recordValue(Math.min(visit.elapsed().toNanos() / 1000, LONGEST_MICROS));
        }
    }

    /** How many visits ended for each reason, in alphabetical order. */
    Map<String, Long> byReason() {
        Map<String, Long> counts = new TreeMap<>();
        byReason.forEach((reason, count) -> counts.put(reason, count.sum()));
        return counts;
    }

    /** The time within which this share of the answers came. */
    Duration percentile(double percent) {
        return Duration.ofNanos(micros.getValueAtPercentile(percent) * 1000);
    }

    /** What the fetches would have taken one after the other. */
    Duration oneAtATime() {
        return Duration.ofNanos(nanos.sum());
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    long inFlight() {
        return inFlight.sum();
    }

    long done() {
        return done.sum();
    }

    long failed() {
        return failed.sum();
    }

    /** Visits that ended with a page. */
    long pages() {
        return pages.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long retries() {
        return retries.sum();
    }
}
