package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchRequestTest {
    private final FetchRequest request = FetchRequest.get("http://h/?token=secret");

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /evil", "GET\r\nX: y", "GET\u0000", "CONNECT", "GÉT"})
    void refusesMethods(String method) {
        assertThatThrownBy(() -> FetchRequest.of(method, "http://h/")).isInstanceOf(FetchRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A B", "A:", "A\r\nB", "A\n", "A\u0000", "Ä"})
    void refusesHeaderNames(String name) {
        assertThatThrownBy(() -> request.header(name, "v")).isInstanceOf(FetchRequestException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret\r\nX: y", "secret\n", "secret\r", "secret\u0000", "secret\u0001", "secret\u20ac"})
    void refusesHeaderValuesWithoutRepeatingThem(String value) {
        assertThatThrownBy(() -> request.header("A", value))
                .isInstanceOf(FetchRequestException.class)
                .hasMessageContaining("A")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Connection", "Upgrade", "TE", "Expect"})
    void refusesHeadersThatFrameTheMessage(String name) {
        assertThatThrownBy(() -> request.header(name, "1")).isInstanceOf(FetchRequestException.class);
    }

    @Test
    void isImmutable() {
        request.header("A", "b")
                .body(new byte[1])
                .timeout(Duration.ofSeconds(1))
                .maxBodyBytes(1);
        assertThat(request.headers().size()).isZero();
        assertThat(request.body()).isNull();
        assertThat(request.maxBodyBytesOr(7)).isEqualTo(7);
        assertThat(request.timeoutOr(Duration.ofSeconds(7))).hasSeconds(7);
    }

    @Test
    void showsNoSecrets() {
        FetchRequest secret = request.header("Authorization", "secret");
        assertThat(secret.toString()).isEqualTo("GET http://h/?…");
        assertThat(secret.headers().toString()).isEqualTo("[Authorization]");
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> request.timeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> request.maxBodyBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> request.maxBodyBytes(1L << 40));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchClient.builder().maxInFlight(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FetchClient.builder().readTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedirectPolicy.follow().max(-1));
        assertThatThrownBy(() -> FetchClient.builder().userAgent("a\r\nb")).isInstanceOf(FetchRequestException.class);
    }
}
