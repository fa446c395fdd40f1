package io.weir.demos.chat;

import static io.weir.core.coroutine.Coroutine.await;

import io.weir.core.coroutine.Coroutine;
import io.weir.core.task.TaskGroup;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Three in a room, of whom one does not read. */
final class Script {
    private static final String ROOM = "lobby";
    private static final int THINGS = 600;

    private final int port;
    private final Consumer<String> say;

    Script(int port, Consumer<String> say) {
        this.port = port;
        this.say = say;
    }

    Mono<Void> play() {
        return TaskGroup.using(group -> Coroutine.async(() -> {
            ScriptedMember anna = new ScriptedMember("anna", false);
            ScriptedMember bert = new ScriptedMember("bert", false);
            ScriptedMember zoe = new ScriptedMember("zoe", true);
            for (ScriptedMember member : List.of(anna, bert, zoe)) {
                group.start(member.name(), member.stay(port, ROOM));
                say.accept("anna hears: " + next(anna));
            }
            say.accept("zoe does not read what is said");
            talk(anna, bert);
            bert.leave();
            say.accept("anna hears: " + next(anna));
            anna.leave();
            zoe.leave();
            return null;
        }));
    }

    /** Bert talks, and goes on when anna has heard him: she is never too slow. */
    private void talk(ScriptedMember anna, ScriptedMember bert) {
        String text = "much to say ".repeat(300);
        int heard = 0;
        for (int i = 0; i < THINGS; i++) {
            await(bert.say(i + " " + text));
            String line = next(anna);
            while (!line.startsWith("bert: ")) {
                say.accept("anna hears: " + line);
                line = next(anna);
            }
            heard += line.equals("bert: " + i + " " + text) ? 1 : 0;
        }
        say.accept("bert has said " + THINGS + " things, of which anna has heard " + heard + ", in order");
    }

    private static String next(ScriptedMember member) {
        String[] line = Objects.requireNonNull(await(member.hear())).split("\t", 2);
        return line[0].isEmpty() ? line[1] : line[0] + ": " + line[1];
    }
}
