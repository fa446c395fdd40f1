package io.weir.demos.fetch;

import io.weir.core.task.Outcome;
import io.weir.demos.command.UseFailedException;
import io.weir.http.FetchException;
import io.weir.http.FetchListener;
import io.weir.http.FetchOutcome;
import io.weir.http.FetchProgress;
import io.weir.http.FetchResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Puts outcomes into words and counts them. Outcomes come one at a time, what the client tells from any thread. */
final class Tally implements FetchListener {
    private final long began = System.nanoTime();
    private final Map<String, Integer> ends = new TreeMap<>();
    private final LongAdder retries = new LongAdder();
    private long urls;
    private long bytes;
    private long unanswered;

    @Override
    public void retrying(FetchProgress fetch, String why, Duration wait) {
        retries.increment();
    }

    /** What became of one URL: status, length, time, or why there is none of them. */
    String line(FetchOutcome<String> fetched) {
        urls++;
        if (fetched.outcome() instanceof Outcome.Success<FetchResponse> success) {
            FetchResponse response = success.value();
            bytes += response.bytes().length;
            count(Integer.toString(response.status()));
            return "%3d %,9d bytes %5d ms  %s"
                    .formatted(
                            response.status(),
                            response.bytes().length,
                            response.elapsed().toMillis(),
                            fetched.input());
        }
        unanswered++;
        count("unanswered");
        Throwable error = ((Outcome.Failure<FetchResponse>) fetched.outcome()).error();
        long took = error instanceof FetchException failure ? failure.elapsed().toMillis() : 0;
        return "  - %15s %5d ms  %s: %s".formatted("", took, fetched.input(), error.getMessage());
    }

    String summary() {
        return "%,d URLs in %.1f s: %s; %,d bytes, %,d retries"
                .formatted(
                        urls,
                        (System.nanoTime() - began) / 1e9,
                        ends.entrySet().stream()
                                .map(end -> end.getValue() + " × " + end.getKey())
                                .collect(Collectors.joining(", ")),
                        bytes,
                        retries.sum());
    }

    void requireAllAnswered() {
        if (unanswered > 0) {
            throw new UseFailedException("%,d of %,d URLs were not answered".formatted(unanswered, urls));
        }
    }

    private void count(String end) {
        ends.merge(end, 1, Integer::sum);
    }
}
