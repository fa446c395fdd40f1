package io.weir.demos.mailer;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a mail server that others wrote, and against the toy where a server must be unwilling. */
class MailerTest {
    @TempDir
    Path folder;

    @BeforeEach
    void prepare() {
        new Outbox(folder).prepare().block();
    }

    @Nested
    class ToARealServer {
        private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

        @BeforeEach
        void start() {
            server.start();
        }

        @AfterEach
        void stop() {
            server.stop();
        }

        @Test
        void aMessageArrivesAndIsMovedToSent() throws Exception {
            put("a", "From: me@example.org\nTo: you@example.org, her@example.org\nSubject: hello\n\nWords.\n");
            assertThat(send(server.getSmtp().getPort()))
                    .extracting(Delivery::end)
                    .containsExactly(Delivery.End.SENT);
            assertThat(server.getReceivedMessages()).hasSize(2).allSatisfy(message -> {
                assertThat(message.getSubject()).isEqualTo("hello");
                assertThat(message.getContent().toString()).startsWith("Words.");
            });
            assertThat(folder.resolve("a.eml")).doesNotExist();
            assertThat(folder.resolve("sent/a.eml")).exists();
        }

        @Test
        void aPoisonousMessageHoldsUpNoOther() throws IOException {
            put("a-poison", "\u0000\u0001 no message at all");
            for (int i = 0; i < 20; i++) {
                put("b" + i, "From: me@example.org\nTo: you@example.org\n\nWords.\n");
            }
            List<Delivery> deliveries = send(server.getSmtp().getPort());
            assertThat(deliveries).hasSize(21);
            assertThat(deliveries.get(0).problem()).isEqualTo("it names no recipient");
            assertThat(server.getReceivedMessages()).hasSize(20);
            assertThat(folder.resolve("dead/a-poison.eml")).exists();
            assertThat(folder.resolve("dead/a-poison.eml.why")).hasContent("it names no recipient");
        }
    }

    @Nested
    class ToAnUnwillingServer {
        private final ToySmtpServer toy = new ToySmtpServer();

        @Test
        void whatIsRefusedForNowIsSentAgain() throws IOException {
            put("a", "From: me@example.org\nTo: later@example.org\n\nWords.\n");
            assertThat(sendToToy()).singleElement().satisfies(delivery -> {
                assertThat(delivery.end()).isEqualTo(Delivery.End.SENT);
                assertThat(delivery.attempts()).isEqualTo(2);
            });
            assertThat(toy.taken()).containsExactly("later@example.org");
        }

        @Test
        void whatIsRefusedForGoodIsNotSentAgain() throws IOException {
            put("a", "From: me@example.org\nTo: nobody@example.org\n\nWords.\n");
            assertThat(sendToToy()).singleElement().satisfies(delivery -> {
                assertThat(delivery.problem()).isEqualTo("the server refuses it with 550");
                assertThat(delivery.attempts()).isEqualTo(1);
            });
            assertThat(folder.resolve("dead/a.eml")).exists();
        }

        private List<Delivery> sendToToy() {
            var bound = Objects.requireNonNull(toy.start().block());
            try {
                return send(bound.port());
            } finally {
                bound.disposeNow();
            }
        }
    }

    @Nested
    class ToNoServer {
        @Test
        void aMessageIsTriedSoOftenAndStays() throws IOException {
            put("a", "From: me@example.org\nTo: you@example.org\n\nWords.\n");
            assertThat(send(freePort())).singleElement().satisfies(delivery -> {
                assertThat(delivery.end()).isEqualTo(Delivery.End.LATER);
                assertThat(delivery.attempts()).isEqualTo(4);
                assertThat(delivery.problem()).contains("Couldn't connect");
            });
            assertThat(folder.resolve("a.eml")).exists();
        }

        @Test
        void anOldOneIsGivenUp() throws IOException {
            put("a", "From: me@example.org\nTo: you@example.org\n\nWords.\n");
            Files.setLastModifiedTime(
                    folder.resolve("a.eml"), FileTime.from(Instant.now().minus(Duration.ofDays(5))));
            assertThat(send(freePort())).extracting(Delivery::end).containsExactly(Delivery.End.DEAD);
            assertThat(folder.resolve("dead/a.eml")).exists();
        }

        private int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }
    }

    private List<Delivery> send(int port) {
        Mailer mailer = new Mailer(new Outbox(folder), new Smtp("127.0.0.1", port), Duration.ofMillis(5));
        return Objects.requireNonNull(mailer.sendAll().block());
    }

    private void put(String name, String message) throws IOException {
        Files.writeString(folder.resolve(name + ".eml"), message);
    }
}
