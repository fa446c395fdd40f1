package io.weir.http;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.weir.core.task.Outcome;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells Micrometer of every fetch: an observation {@code weir.fetch} from start to end, of which its handlers make counters, timers and spans. For those who have {@code
 * micrometer-observation} on their class path.
 *
 * <p>Keys of low cardinality: {@code method}; {@code host}, as {@code host:port}; {@code status}, such as {@code 2xx}, or {@code none}; {@code outcome}: {@code SUCCESS}, {@code
 * CANCELLED}, or the simple name of the error; {@code attempts}, up to {@code 4+}. A host beyond the first so many is told as {@value #OTHER}, and so is a method that is not one of HTTP's
 * own, as a metric keeps a time series for each. Events: each phase that begins, {@code retry}, {@code hedge} and {@code redirect}.
 */
public final class FetchObservations implements FetchListener {
    private static final String OTHER = "other";
    private static final int MOST_HOSTS = 100;
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

    /** Where Micrometer's own instrumentation puts the surrounding observation. */
    private static final String PARENT = "micrometer.observation";

    private final ObservationRegistry registry;
    private final int mostHosts;
    private final Map<FetchProgress, Observation> running = new ConcurrentHashMap<>();
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();

    private FetchObservations(ObservationRegistry registry, int mostHosts) {
        this.registry = registry;
        this.mostHosts = mostHosts;
    }

    /**
     * A listener that tells the first 100 hosts by name.
     *
     * @param registry where to tell
     * @return for {@link FetchClientBuilder#listener}
     */
    public static FetchObservations of(ObservationRegistry registry) {
        return new FetchObservations(registry, MOST_HOSTS);
    }

    /**
     * The same with another bound on hosts.
     *
     * @param hosts how many are told by name, 0 or more
     * @return a new listener
     */
    public FetchObservations maxHosts(int hosts) {
        return new FetchObservations(registry, hosts);
    }

    @Override
    public void started(FetchProgress fetch) {
        String method = fetch.request().method();
        Observation observation = Observation.createNotStarted("weir.fetch", registry)
                .lowCardinalityKeyValue("method", METHODS.contains(method) ? method : OTHER)
                .lowCardinalityKeyValue("host", bounded(fetch.host()));
        Observation parent = fetch.context().getOrDefault(PARENT, null);
        observation.parentObservation(parent);
        running.put(fetch, observation.start());
    }

    @Override
    public void phase(FetchProgress fetch, FetchPhase from, Duration took, FetchPhase to) {
        event(fetch, to.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void redirected(FetchProgress fetch, Redirect redirect) {
        event(fetch, "redirect");
    }

    @Override
    public void retrying(FetchProgress fetch, String why, Duration wait) {
        event(fetch, "retry");
    }

    @Override
    public void hedged(FetchProgress fetch) {
        event(fetch, "hedge");
    }

    @Override
    public void ended(FetchProgress fetch, Outcome<?> outcome) {
        Observation observation = running.remove(fetch);
        if (observation == null) {
            return;
        }
        int status = fetch.status();
        Throwable error = outcome instanceof Outcome.Failure<?> failure ? failure.error() : null;
        observation
                .lowCardinalityKeyValue("status", status == 0 ? "none" : status / 100 + "xx")
                .lowCardinalityKeyValue("outcome", told(outcome, error))
                .lowCardinalityKeyValue("attempts", fetch.attempts() > 3 ? "4+" : "" + fetch.attempts());
        if (error != null) {
            observation.error(error);
        }
        observation.stop();
    }

    private void event(FetchProgress fetch, String name) {
        Observation observation = running.get(fetch);
        if (observation != null) {
            observation.event(Observation.Event.of(name));
        }
    }

    private static String told(Outcome<?> outcome, @Nullable Throwable error) {
        if (error != null) {
            return error instanceof FetchException ? error.getClass().getSimpleName() : "OTHER_ERROR";
        }
        return outcome instanceof Outcome.Cancelled ? "CANCELLED" : "SUCCESS";
    }

    private String bounded(String host) {
        if (hosts.contains(host) || (hosts.size() < mostHosts && hosts.add(host))) {
            return host;
        }
        return OTHER;
    }
}
