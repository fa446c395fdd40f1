package io.weir.core.task;

import static io.weir.core.task.Matrix.row;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;

/** {@link Gather}'s forms in the {@link Matrix}: alone, bounded, and beside sources that end otherwise. */
class GatherMatrixTest {
    private static final Mono<String> W = Mono.just("w");
    private static final Mono<String> HIDDEN = W.hide();
    private static final Mono<String> NEVER = Mono.never();
    private static final Mono<String> LOST = Mono.error(() -> new IllegalStateException("lost"));

    @TestFactory
    Stream<DynamicNode> failFast() {
        return Matrix.of(
                row("one", m -> Gather.failFast(List.of(m)), "[v]|", "[null]|", "!boom"),
                row("bounded", m -> Gather.failFast(1, List.of(m)), "[v]|", "[null]|", "!boom"),
                row("after one by call", m -> Gather.failFast(List.of(W, m)), "[w, v]|", "[w, null]|", "!boom"),
                row("before one by call", m -> Gather.failFast(List.of(m, W)), "[v, w]|", "[null, w]|", "!boom"),
                row("after one at once", m -> Gather.failFast(List.of(HIDDEN, m)), "[w, v]|", "[w, null]|", "!boom"),
                row(
                        "before one at once",
                        m -> Gather.failFast(1, List.of(m, HIDDEN)),
                        "[v, w]|",
                        "[null, w]|",
                        "!boom"),
                row("beside one that never ends", m -> Gather.failFast(List.of(NEVER, m)), "", "", "!boom"),
                row("two", m -> Gather.failFast(m, W, (a, b) -> a + b), "vw|", "nullw|", "!boom"),
                row("three", m -> Gather.failFast(W, m, HIDDEN, (a, b, c) -> a + b + c), "wvw|", "wnullw|", "!boom"),
                row(
                        "nested",
                        m -> Gather.failFast(List.of(Gather.failFast(List.of(m)))),
                        "[[v]]|",
                        "[[null]]|",
                        "!boom"));
    }

    @TestFactory
    Stream<DynamicNode> settled() {
        String value = "[Success[value=v]]|";
        String empty = "[Empty[]]|";
        String error = "[Failure[error=java.lang.IllegalStateException: boom]]|";
        return Matrix.of(
                row("one", m -> Gather.settled(List.of(m)), value, empty, error),
                row("bounded", m -> Gather.settled(1, List.of(m)), value, empty, error),
                row(
                        "after one that fails",
                        m -> Gather.settled(List.of(LOST, m)).map(all -> all.subList(1, 2)),
                        value,
                        empty,
                        error),
                row(
                        "before one at once",
                        m -> Gather.settled(1, List.of(m, HIDDEN)).map(all -> all.subList(0, 1)),
                        value,
                        empty,
                        error),
                row("beside one that never ends", m -> Gather.settled(List.of(NEVER, m)), "", "", ""),
                row("two", m -> Gather.settled(m, LOST, (a, b) -> List.of(a)), value, empty, error));
    }

    @TestFactory
    Stream<DynamicNode> firstSuccess() {
        return Matrix.of(
                row("one", m -> Gather.firstSuccess(List.of(m)), "v|", "|", "!boom"),
                row("bounded", m -> Gather.firstSuccess(1, List.of(m)), "v|", "|", "!boom"),
                row("after one that fails", m -> Gather.firstSuccess(List.of(LOST, m)), "v|", "|", "!lost"),
                row("before one that fails", m -> Gather.firstSuccess(List.of(m, LOST)), "v|", "|", "!boom"),
                row("after an empty one", m -> Gather.firstSuccess(List.of(Mono.empty(), m)), "v|", "|", "|"),
                row("before its fallback", m -> Gather.firstSuccess(1, List.of(m, HIDDEN)), "v|", "w|", "w|"),
                row("beside one that never ends", m -> Gather.firstSuccess(List.of(NEVER, m)), "v|", "", ""));
    }

    @TestFactory
    Stream<DynamicNode> asCompleted() {
        String value = "Completion[index=0, outcome=Success[value=v]]";
        String empty = "Completion[index=0, outcome=Empty[]]";
        String error = "Completion[index=0, outcome=Failure[error=java.lang.IllegalStateException: boom]]";
        return Matrix.of(
                row("one", m -> Gather.asCompleted(List.of(m)), value + "|", empty + "|", error + "|"),
                row("bounded", m -> Gather.asCompleted(1, List.of(m)), value + "|", empty + "|", error + "|"),
                row("beside one that never ends", m -> Gather.asCompleted(List.of(m, NEVER)), value, empty, error),
                row(
                        "before one at once",
                        m -> Gather.asCompleted(1, List.of(m, HIDDEN)).filter(c -> c.index() == 0),
                        value + "|",
                        empty + "|",
                        error + "|"));
    }
}
