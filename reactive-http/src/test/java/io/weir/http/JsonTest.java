package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.http.FetchContentException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private final FetchClient client = FetchClient.create();

    record Point(int x, int y) {}

    record Unwritable(int x) {
        @Override
        public int x() {
            throw new IllegalStateException("no x");
        }
    }

    @AfterEach
    void close() {
        client.close();
    }

    private FetchResponse answered(String body) throws IOException {
        try (FaultServer server =
                FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)) {
            return Await.value(client.fetch(server.url("/?secret")));
        }
    }

    @Test
    void isReadAsTheTypeThatIsAskedFor() throws IOException {
        assertThat(answered("{\"x\":1,\"y\":2,\"z\":3}").json(Point.class)).isEqualTo(new Point(1, 2));
        assertThat(answered("[{\"x\":1,\"y\":2}]").jsonList(Point.class)).containsExactly(new Point(1, 2));
        assertThat((Object) answered("{\"a\":[1]}").json(Map.class)).isEqualTo(Map.of("a", List.of(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "nonsense", "[]", "{\"x\":\"one\"}", "null"})
    void whatIsNotThatIsAnError(String body) throws IOException {
        FetchResponse response = answered(body);
        FetchContentException error =
                catchThrowableOfType(FetchContentException.class, () -> response.json(Point.class));
        assertThat(error.reason()).isEqualTo(Reason.NOT_JSON);
        assertThat(error.uri()).endsWith("/?…");
    }

    @Test
    void isSentWithItsType() throws IOException {
        try (FaultServer server = FaultServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) {
            client.exchange(
                            FetchRequest.post(server.url("/"), FetchBody.ofJson(new Point(1, 2))),
                            stream -> stream.json(Map.class))
                    .block();
            assertThat(server.requests().get(0)).contains("application/json").endsWith("{\"x\":1,\"y\":2}");
        }
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> FetchBody.ofJson(new Unwritable(1))).isInstanceOf(FetchRequestException.class);
    }
}
