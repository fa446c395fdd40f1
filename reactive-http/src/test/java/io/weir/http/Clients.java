package io.weir.http;

import io.weir.http.testing.FakeAnswer;
import io.weir.http.testing.FakeTransport;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Clients without a network: their settings, and what answers them. */
final class Clients {
    static final Limits LIMITS = FetchClient.builder().limits();

    private Clients() {}

    static Policies with(RetryPolicy retry) {
        return new Policies(retry, null, null, null, false, List.of());
    }

    static Policies of(
            @Nullable HedgePolicy hedge,
            @Nullable BreakerPolicy breaker,
            @Nullable RateLimit rateLimit,
            boolean coalesce,
            FetchListener... listeners) {
        RetryPolicy retry = RetryPolicy.none();
        return new Policies(retry, hedge, breaker, rateLimit, coalesce, List.of(listeners));
    }

    /** Over this transport, with the longest wait wherever chance decides. */
    static Fetching over(FakeTransport transport, Limits limits, Policies policies) {
        return over(transport, limits, policies, most -> most);
    }

    static Fetching over(FakeTransport transport, Limits limits, Policies policies, LongUnaryOperator jitter) {
        return new Fetching(limits, policies, new GivenWire(transport, limits), host -> {}, jitter);
    }

    /** Answers with these statuses, one after the other, the last of them for ever. */
    static FakeTransport statuses(int... statuses) {
        return FakeTransport.answering(
                Arrays.stream(statuses).mapToObj(Clients::answer).toArray(FakeAnswer[]::new));
    }

    /** With a body of four bytes. */
    static FakeAnswer answer(int status, String... headers) {
        FakeAnswer answer = FakeAnswer.status(status).body("body");
        for (int i = 0; i < headers.length; i += 2) {
            answer = answer.header(headers[i], headers[i + 1]);
        }
        return answer;
    }
}
