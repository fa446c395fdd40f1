package io.weir.core.task;

import static io.weir.core.task.Matrix.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Groups, tasks, shields, deadlines and what is periodic in the {@link Matrix}. */
class ConstructMatrixTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static TaskGroupBuilder supervisor() {
        return TaskGroup.supervisor().onFailure((task, error) -> {});
    }

    private static Mono<String> joined(TaskGroup group, Mono<String> mono) {
        return group.start("t", mono).join();
    }

    /** Opens the gate when it is subscribed. */
    private static Mono<String> behindAGate(TaskGroup group, Mono<String> mono) {
        Sinks.Empty<Void> gate = Sinks.empty();
        group.start("gate", gate.asMono());
        return joined(group, mono).doOnSubscribe(s -> gate.tryEmitEmpty());
    }

    /** Leaves out what this construct cannot be asked in that way. */
    private static Stream<DynamicNode> without(String pattern, Stream<DynamicNode> nodes) {
        return nodes.map(DynamicContainer.class::cast)
                .map(container -> DynamicContainer.dynamicContainer(
                        container.getDisplayName(),
                        container
                                .getChildren()
                                .filter(cell -> !cell.getDisplayName().matches(pattern))));
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(TaskTree.snapshot()).isEmpty();
    }

    @TestFactory
    Stream<DynamicNode> aGroup() {
        return without(
                "NOTHING AT_ONCE, cancelled NEVER",
                Matrix.of(
                        row("its body", m -> TaskGroup.using(group -> m), "v|", "|", "!boom"),
                        row("its task, joined", m -> TaskGroup.using(group -> joined(group, m)), "v|", "|", "!boom"),
                        row(
                                "its task, which nobody joins",
                                m -> TaskGroup.using(group -> {
                                    group.start("t", m);
                                    return Mono.just("body");
                                }),
                                "body|",
                                "body|",
                                "!boom"),
                        row(
                                "nested",
                                m -> TaskGroup.using(
                                        outer -> joined(outer, TaskGroup.using(inner -> joined(inner, m)))),
                                "v|",
                                "|",
                                "!boom"),
                        row(
                                "with a clean-up",
                                m -> TaskGroup.using(group -> {
                                    group.onClose(() -> Mono.just("cleaned"));
                                    return joined(group, m);
                                }),
                                "v|",
                                "|",
                                "!boom"),
                        row(
                                "with a deadline",
                                m -> TaskGroup.failFast().deadline(LONG).using(group -> joined(group, m)),
                                "v|",
                                "|",
                                "!boom")));
    }

    @TestFactory
    Stream<DynamicNode> aSupervisor() {
        return without(
                "NOTHING AT_ONCE, cancelled NEVER",
                Matrix.of(
                        row("its body", m -> supervisor().using(group -> m), "v|", "|", "!boom"),
                        row("its task, joined", m -> supervisor().using(group -> joined(group, m)), "v|", "|", "!boom"),
                        row(
                                "its task, terminated",
                                m -> supervisor()
                                        .using(group ->
                                                group.start("t", m).terminated().thenReturn("end")),
                                "end|",
                                "end|",
                                "end|"),
                        row(
                                "its task, which nobody joins",
                                m -> supervisor().using(group -> {
                                    group.start("t", m);
                                    return Mono.just("body");
                                }),
                                "body|",
                                "body|",
                                "body|")));
    }

    @TestFactory
    Stream<DynamicNode> aLimit() {
        return without(
                "NOTHING AT_ONCE, cancelled NEVER",
                Matrix.of(
                        row(
                                "one that runs at once",
                                m -> TaskGroup.failFast().limit(1).using(group -> joined(group, m)),
                                "v|",
                                "|",
                                "!boom"),
                        row(
                                "one that waits",
                                m -> TaskGroup.failFast().limit(1).using(group -> behindAGate(group, m)),
                                "v|",
                                "|",
                                "!boom"),
                        row(
                                "one that waits, in a supervisor",
                                m -> supervisor().limit(1).using(group -> behindAGate(group, m)),
                                "v|",
                                "|",
                                "!boom")));
    }

    @TestFactory
    Stream<DynamicNode> aShield() {
        return without(
                "NOTHING.*",
                Matrix.of(
                        row("alone", TaskGroup::shield, "v|", "|", "!boom").shielded(),
                        row("twice", m -> TaskGroup.shield(TaskGroup.shield(m)), "v|", "|", "!boom")
                                .shielded(),
                        row(
                                        "in a group",
                                        m -> TaskGroup.using(group -> joined(group, TaskGroup.shield(m))),
                                        "v|",
                                        "|",
                                        "!boom")
                                .shielded(),
                        row("in a deadline", m -> Deadline.within(LONG, TaskGroup.shield(m)), "v|", "|", "!boom")
                                .shielded(),
                        row(
                                        "around a group",
                                        m -> TaskGroup.shield(TaskGroup.using(group -> joined(group, m))),
                                        "v|",
                                        "|",
                                        "!boom")
                                .shielded()));
    }

    @TestFactory
    Stream<DynamicNode> aDeadline() {
        return Matrix.of(
                row("of a Mono", m -> Deadline.within(LONG, m), "v|", "|", "!boom"),
                row("of a Flux", m -> Deadline.within(LONG, m.flux()), "v|", "|", "!boom"),
                row("nested", m -> Deadline.within(LONG, Deadline.within(LONG, m)), "v|", "|", "!boom"));
    }

    /**
     * Its values are ignored, and so discarded. It is made of Reactor's operators, which pass on the error of a source that does not
     * heed its cancel, and a cancel that comes after the end.
     */
    @TestFactory
    Stream<DynamicNode> whatIsPeriodic() {
        return without(
                "VALUE.*|ERROR A.*DURING|ERROR O.*DURING|ERROR A.*AFTER|ERROR O.*AFTER",
                Matrix.of(row("every hour", m -> Periodic.run(LONG, Periodic.Overrun.SKIP, () -> m), "", "", "!boom")));
    }
}
