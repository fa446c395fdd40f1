package io.weir.demos.aggregate;

import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.http.FetchClient;
import io.weir.http.FetchResponse;
import io.weir.http.FetchStatusException;
import io.weir.http.FetchTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks several JSON APIs at once, within one deadline, and puts what they say together. */
final class Aggregate {
    private final FetchClient client;
    private final List<String> names;
    private final List<String> urls;
    private final Duration budget;

    /**
     * @param parts what the parts of the answer are called, and where they come from
     * @param budget how long the answer may take, with everything
     */
    Aggregate(FetchClient client, Map<String, String> parts, Duration budget) {
        this.client = client;
        this.names = List.copyOf(parts.keySet());
        this.urls = names.stream().map(parts::get).toList();
        this.budget = budget;
    }

    /** What came, and why the rest is missing. */
    record Answer(Map<String, JsonNode> parts, Map<String, String> missing) {
        String toJson() {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this);
        }
    }

    /** All that comes in time. A tenth of the time is kept for putting it together: the parts' deadline ends before the answer's. */
    Mono<Answer> whateverComes() {
        Duration forParts = budget.multipliedBy(9).dividedBy(10);
        Stream<Mono<JsonNode>> parts = urls.stream().map(this::part).map(part -> Deadline.within(forParts, part));
        return Deadline.within(budget, Gather.settled(parts.toList()).map(this::answer));
    }

    /** All of them, or the error of the first that failed: the others are cancelled then. */
    Mono<Answer> allOrNothing() {
        List<Mono<JsonNode>> parts = urls.stream().map(this::part).toList();
        return Deadline.within(budget, Gather.failFast(parts).map(this::complete));
    }

    private Mono<JsonNode> part(String url) {
        return client.fetch(url).map(FetchResponse::requireSuccess).map(response -> response.json(JsonNode.class));
    }

    private Answer answer(List<Outcome<JsonNode>> outcomes) {
        Answer answer = new Answer(new LinkedHashMap<>(), new TreeMap<>());
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Success<JsonNode> success) {
                answer.parts.put(names.get(i), success.value());
            } else if (outcomes.get(i) instanceof Outcome.Failure<JsonNode> failure) {
                answer.missing.put(names.get(i), reason(failure.error()));
            }
        }
        return answer;
    }

    private Answer complete(List<@Nullable JsonNode> values) {
        Answer answer = new Answer(new LinkedHashMap<>(), Map.of());
        for (int i = 0; i < values.size(); i++) {
            answer.parts.put(names.get(i), values.get(i));
        }
        return answer;
    }

    static String reason(Throwable error) {
        if (error instanceof DeadlineExceededException || error instanceof FetchTimeoutException) {
            return "too late";
        }
        return error instanceof FetchStatusException refused
                ? "status " + refused.status()
                : String.valueOf(error.getMessage());
    }
}
