package io.weir.demos.ideas;

import io.weir.core.process.AsyncProcess;
import io.weir.core.process.Command;
import io.weir.core.task.Deadline;
import io.weir.core.task.DeadlineExceededException;
import io.weir.core.task.TaskGroup;
import reactor.core.publisher.Mono;

/** Other programs: what they write as it comes, what they read, and an end that takes their children along. */
final class OtherPrograms implements Demo {
    @Override
    public String name() {
        return "process";
    }

    @Override
    public String about() {
        return "other programs, their lines, and the end of a whole tree of them";
    }

    @Override
    public Mono<?> run(Stage stage) {
        return captured(stage).then(lines(stage)).then(dialogue(stage)).then(deadline(stage));
    }

    private static Mono<Void> captured(Stage stage) {
        Command command = Command.of("sort", "-n").withInput("10\n9\n8\n");
        return stage.scene(
                "run to its end",
                AsyncProcess.run(command)
                        .doOnNext(result ->
                                stage.say(command + ": exit " + result.status() + ", " + result.stdoutLines())));
    }

    private static Mono<Void> lines(Stage stage) {
        Command command = Command.shell("for i in 1 2 3; do echo line $i; sleep $1; done; yes", pause(stage));
        return stage.scene(
                "lines as they come, of a program that would write for ever",
                AsyncProcess.lines(command).take(5).doOnNext(stage::say).then());
    }

    private static Mono<Void> dialogue(Stage stage) {
        Command calculator = Command.shell("while read -r a b; do echo $((a * b)); done");
        return stage.scene(
                "a question, and the answer",
                AsyncProcess.using(
                        calculator,
                        process -> process.write("6 7\n")
                                .then(process.stdoutLines().next())
                                .doOnNext(answer -> stage.say("6 * 7 = " + answer))));
    }

    /** The group ends when nothing runs any more, and not when the time is over. */
    private static Mono<Void> deadline(Stage stage) {
        Command family = Command.shell("sleep 100 & sleep 100 & sleep 100");
        Mono<Object> inTime = Deadline.within(stage.seconds(1), AsyncProcess.run(family))
                .then(Mono.empty())
                .onErrorResume(DeadlineExceededException.class, over -> stage.saying("the time is over"));
        return stage.scene(
                "a deadline for four processes",
                TaskGroup.using(group -> inTime)
                        .then(Mono.fromRunnable(() -> stage.say("processes left: " + descendants()))));
    }

    private static long descendants() {
        return ProcessHandle.current().descendants().count();
    }

    /** As {@code sleep} takes it. */
    private static String pause(Stage stage) {
        return Double.toString(stage.seconds(0.25).toNanos() / 1e9);
    }
}
