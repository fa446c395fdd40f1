package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Nested
    class Parse {
        @ParameterizedTest
        @CsvSource({
            "http://example.com, http://example.com/",
            "HTTP://EXAMPLE.com:80/A?b#c, http://example.com/A?b",
            "https://example.com:443/, https://example.com/",
            "https://example.com:80, https://example.com:80/",
            "http://example.com?q, http://example.com/?q",
            "http://a_b.example/, http://a_b.example/",
            "http://h/a b|c^d, http://h/a%20b%7Cc%5Ed",
            "http://h/ä?ö={}, http://h/%C3%A4?%C3%B6=%7B%7D",
            "http://h/100%, http://h/100%25",
            "http://h/%zz%41, http://h/%25zz%41",
            "http://h/a/./b/../c/.., http://h/a/",
            "http://h/../../x, http://h/x",
            "http://h//x, http://h//x",
            "http://h/..a/.b, http://h/..a/.b",
            "http://[::1]:8080/, http://[::1]:8080/",
            "http://bücher.example/, http://xn--bcher-kva.example/",
            "http://1.2.3.4.example/, http://1.2.3.4.example/",
        })
        void normalises(String url, String expected) {
            assertThat(Target.parse(url).uri()).hasToString(expected);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "/a",
                    "example.com",
                    "ftp://h/",
                    "file:///etc/passwd",
                    "javascript:alert(1)",
                    "http://",
                    "http:///a",
                    "http://?q",
                    "http://h:0/",
                    "http://h:65536/",
                    "http://h:-1/",
                    "http://h:80:80/",
                    "http://h:8o/",
                    "http://user@h/",
                    "http://user:secret@h/",
                    "http://good.example\\@evil.example/",
                    "http://h\\evil/",
                    "http://a..b/",
                    "http://.h/",
                    "http://a b/",
                    "http://a%62/",
                    "http://[::1/",
                    "http://[1.2.3.4]/",
                    "http://[fe80::1%25eth0]/",
                    "http://fa\u00df.example/",
                    "http://a.xn--pokxncvks/",
                    "http://127.1/",
                    "http://2130706433/",
                    "http://0x7f.0.0.1/",
                    "http://0x7f000001/",
                    "http://127.0.0.01/",
                    "http://127.0.0.256/",
                    "http://1.2.3.4.5/",
                    "http://h/\r\nX: y",
                    "http://h/a\nb",
                    "http://h/\u0000",
                    "http://h\t/",
                    "http://h/a\u007f",
                })
        void refuses(String url) {
            assertThatThrownBy(() -> Target.parse(url))
                    .isInstanceOf(FetchRequestException.class)
                    .hasMessageNotContaining("secret");
        }

        @Test
        void addressesAreNotLookedUp() {
            assertThat(Addresses.literal("127.0.0.1")).containsExactly(127, 0, 0, 1);
            assertThat(Addresses.literal("[::1]")).hasSize(16);
            assertThat(Addresses.literal("localhost")).isNull();
            assertThat(Addresses.literal("1.2.3")).isNull();
        }

        @Test
        void whatIsShownHasNoQuery() {
            Target target = Target.parse("https://h:8443/a?token=secret#f");
            assertThat(target.redacted()).isEqualTo("https://h:8443/a?…");
        }
    }

    @Nested
    class Resolve {
        @ParameterizedTest
        @CsvSource({
            "g, http://a/b/c/g",
            "./g, http://a/b/c/g",
            "g/, http://a/b/c/g/",
            "/g, http://a/g",
            "//g, http://g/",
            "?y, http://a/b/c/d;p?y",
            "g?y, http://a/b/c/g?y",
            "#s, http://a/b/c/d;p?q",
            "g#s, http://a/b/c/g",
            ";x, http://a/b/c/;x",
            "., http://a/b/c/",
            ".., http://a/b/",
            "../g, http://a/b/g",
            "../../../g, http://a/g",
            "http://x:81/y, http://x:81/y",
            "HTTPS://x/y, https://x/y",
            "a:b, ''",
            "mailto:x@y, ''",
            "\\\\x/y, ''",
            "/\\x/y, ''",
            "\\x, ''",
        })
        void followsRfc3986(String location, String expected) {
            Target base = Target.parse("http://a/b/c/d;p?q");
            if (expected.isEmpty()) {
                assertThatThrownBy(() -> base.resolve(location)).isInstanceOf(FetchRequestException.class);
            } else {
                assertThat(base.resolve(location).uri()).hasToString(expected);
            }
        }

        @Test
        void rawBytesKeepTheirValue() {
            Target base = Target.parse("http://a/");
            String utf8 = new String(
                    "/ü".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(base.resolve(utf8).uri()).hasToString("http://a/%C3%BC");
            assertThat(base.resolve("/\u00fc").uri()).hasToString("http://a/%FC");
        }
    }
}
