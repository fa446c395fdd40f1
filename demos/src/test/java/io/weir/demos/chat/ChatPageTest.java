package io.weir.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.task.TaskGroup;
import io.weir.demos.page.Browser;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import reactor.netty.DisposableServer;

@EnabledIf(value = "io.weir.demos.page.Browser#isThere", disabledReason = "there is no chromium on the PATH")
class ChatPageTest {
    private final TaskGroup tasks = TaskGroup.open();

    private DisposableServer server;

    @BeforeEach
    void start() {
        server = Objects.requireNonNull(
                new ChatServer(tasks, Overflow.DISCONNECT).start("127.0.0.1", 0).block());
    }

    @AfterEach
    void stop() {
        server.disposeNow();
        tasks.cancel("over");
        tasks.terminated().block();
    }

    @Test
    void whatIsTypedAppearsHereAndElsewhere() throws Exception {
        try (Browser browser = new Browser()) {
            browser.open("http://127.0.0.1:" + server.port() + "/");
            browser.picture("chat-enter");
            browser.type("Anna");
            browser.await("document.querySelector('li.notice')");

            ScriptedMember bert = new ScriptedMember("bert", false);
            tasks.start("bert", bert.stay(server.port(), "lobby"));
            browser.await("document.body.textContent.includes('bert is here')");
            bert.say("Good morning! <b>Is anybody there?</b>").block();
            browser.await("document.querySelectorAll('li').length === 3");

            browser.type("Yes, I am.");
            browser.await("document.querySelector('li.mine')");
            assertThat(browser.evaluate("document.querySelector('li.mine').lastChild.textContent"))
                    .isEqualTo("Yes, I am.");
            bert.hear().block();
            bert.hear().block();
            assertThat(bert.hear().block()).isEqualTo("Anna\tYes, I am.");

            bert.say("averylongword".repeat(30)).block();
            browser.await("document.querySelectorAll('li').length === 5");
            assertThat(browser.evaluate("'' + document.querySelectorAll('li b').length"))
                    .as("what is said is no markup")
                    .isEqualTo("3");
            assertThat(browser.evaluate("'' + document.documentElement.scrollWidth"))
                    .as("there is no horizontal scroll")
                    .isEqualTo("360");
            browser.picture("chat-light");
            browser.dark();
            browser.picture("chat-dark");
            assertThat(browser.complaints()).isEmpty();
            bert.leave();
        }
    }
}
