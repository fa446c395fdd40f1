package io.weir.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

class TaskObservationsTest {
    private final List<String> told = new ArrayList<>();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private Disposable registration;

    TaskObservationsTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStart(Observation.Context context) {
                told.add("start " + context.getLowCardinalityKeyValue("name").getValue());
            }

            @Override
            public void onStop(Observation.Context context) {
                told.add("stop " + context.getLowCardinalityKeyValue("name").getValue() + " "
                        + context.getLowCardinalityKeyValue("outcome").getValue()
                        + (context.getError() == null
                                ? ""
                                : " " + context.getError().getMessage())
                        + (context.getParentObservation() == null
                                ? ""
                                : " in "
                                        + context.getParentObservation()
                                                .getContextView()
                                                .getName()));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context.getName().equals("weir.task");
            }
        });
        registration = TaskObservations.register(registry);
    }

    @AfterEach
    void stop() {
        registration.dispose();
    }

    @Test
    void eachTaskIsObservedWithItsNameAndOutcome() {
        TaskGroup group = TaskGroup.supervisor().onFailure((task, error) -> {}).open();
        group.start("a", Mono.just(1));
        group.start("b", Mono.error(new IllegalStateException("broken")));
        group.start("c", Mono.never()).cancel();
        assertThat(told)
                .containsExactly(
                        "start a", "stop a Success", "start b", "stop b Failure broken", "start c", "stop c Cancelled");
        StepVerifier.create(group.close()).verifyComplete();
    }

    @Test
    void theObservationInTheContextIsTheParent() {
        Observation outer = Observation.start("request", registry);
        TaskGroup group = TaskGroup.supervisor().open(Context.of("micrometer.observation", outer));
        group.start("a", Mono.empty());
        assertThat(told).containsExactly("start a", "stop a Empty in request");
        StepVerifier.create(group.close()).verifyComplete();
    }

    @Test
    void namesAreBounded() {
        TaskGroup group = TaskGroup.open();
        for (int i = 0; i < 150; i++) {
            group.start("id-" + i, Mono.empty());
        }
        assertThat(told.stream().filter("start other"::equals)).hasSize(50);
        StepVerifier.create(group.close()).verifyComplete();
    }
}
