package io.weir.core.task;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.util.context.ContextView;

/**
 * Tells Micrometer of every task: an observation {@code weir.task} from start to end, with the task's name and outcome. Its handlers make
 * counters, timers and spans of it. For those who have {@code micrometer-observation} on their class path.
 */
public final class TaskObservations implements TaskListener {
    /** Metrics keep one time series a name for ever; who puts an id into a name must not fill the memory. */
    private static final int MOST_NAMES = 100;

    private static final String OTHER = "other";

    /** Where Micrometer's own instrumentation puts the surrounding observation. */
    private static final String PARENT = "micrometer.observation";

    private final ObservationRegistry registry;
    private final Map<Task<?>, Observation> running = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private TaskObservations(ObservationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Observes every task that is started from now on. The observation of a task is a child of the one in its Context, if there is one. Tasks
     * beyond the first {@value #MOST_NAMES} names are told under the name {@value #OTHER}.
     *
     * @param registry where to tell
     * @return disposing it ends that; tasks that run then are not told any more
     */
    public static Disposable register(ObservationRegistry registry) {
        return TaskTree.listen(new TaskObservations(registry));
    }

    @Override
    public void started(Task<?> task) {
        Observation observation = Observation.createNotStarted("weir.task", registry)
                .lowCardinalityKeyValue("name", bounded(task.name()));
        observation.parentObservation(parent(task));
        running.put(task, observation.start());
    }

    @Override
    public void ended(Task<?> task, Outcome<?> outcome) {
        Observation observation = running.remove(task);
        if (observation == null) {
            return; // it was started before we listened
        }
        observation.lowCardinalityKeyValue("outcome", outcome.getClass().getSimpleName());
        if (outcome instanceof Outcome.Failure<?> failure) {
            observation.error(failure.error());
        }
        observation.stop();
    }

    private static @Nullable Observation parent(Task<?> task) {
        return task instanceof ContextView context ? context.getOrDefault(PARENT, null) : null;
    }

    private String bounded(String name) {
        if (names.contains(name) || (names.size() < MOST_NAMES && names.add(name))) {
            return name;
        }
        return OTHER;
    }
}
