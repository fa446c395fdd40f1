package io.weir.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTextTest {
    private static String text(String contentType, byte[] body) {
        return BodyText.decode(body, BodyText.charset(contentType, body));
    }

    @ParameterizedTest
    @CsvSource({
        "text/html; charset=ISO-8859-1, ISO-8859-1",
        "text/html;CHARSET=\"windows-1252\", windows-1252",
        "text/html; a=b ; charset = 'utf-16le', UTF-16LE",
        "text/html, UTF-8",
    })
    void theHeaderNamesTheCharset(String type, String charset) {
        assertThat(BodyText.charset(type, new byte[0])).isEqualTo(Charset.forName(charset));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html; charset=nonsense",
                "a;charset=",
                "a;charset",
                "a;charset=\"",
                "a;charset=ä b",
                ";=;",
                ""
            })
    void nonsenseCountsAsAbsent(String type) {
        assertThat(text(type, "ü".getBytes(StandardCharsets.UTF_8))).isEqualTo("ü");
    }

    @Test
    void aMarkNamesTheCharsetAndIsLeftOut() {
        assertThat(text("text/html", "\ufeffü".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("ü");
        assertThat(text("text/html", "\ufeffü".getBytes(StandardCharsets.UTF_16LE)))
                .isEqualTo("ü");
        assertThat(text("text/html", "\ufeffü".getBytes(StandardCharsets.UTF_16BE)))
                .isEqualTo("ü");
        assertThat(text("a; charset=utf-16", "ü".getBytes(StandardCharsets.UTF_16)))
                .isEqualTo("ü");
    }

    @Test
    void theHeaderBeatsTheMark() {
        byte[] marked = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
        assertThat(text("a; charset=iso-8859-1", marked)).isEqualTo("ï»¿");
    }

    @Test
    void whatIsNotValidIsReplaced() {
        assertThat(text("text/html", new byte[] {'a', (byte) 0xff})).isEqualTo("a\ufffd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | <html><meta charset=windows-1252> | windows-1252",
                " | <META  http-equiv='Content-Type' content='text/html; charset=ISO-8859-15'> | ISO-8859-15",
                "application/xhtml+xml | <meta charset=\"koi8-r\"/> | KOI8-R",
                "text/html | <!-- <meta charset=koi8-r> --><meta charset=windows-1251> | windows-1251",
                "text/html | <meta charset=utf-16le> | UTF-8",
                "text/html | <meta charset=nonsense> | UTF-8",
                "text/html | <metadata charset=koi8-r> | UTF-8",
                "text/html; charset=utf-8 | <meta charset=koi8-r> | UTF-8",
                "text/plain | <meta charset=koi8-r> | UTF-8",
            })
    void aPageMayNameItsOwn(String type, String page, String charset) {
        assertThat(BodyText.charset(type, page.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(Charset.forName(charset));
    }

    @Test
    void aByteOrderMarkComesBeforeThePage() {
        byte[] page = "\uFEFF<meta charset=koi8-r>ü".getBytes(StandardCharsets.UTF_8);
        assertThat(text("text/html", page)).endsWith(">ü");
    }

    @Test
    void onlyTheBeginningOfAPageIsLookedAt() {
        byte[] page = (" ".repeat(1024) + "<meta charset=koi8-r>").getBytes(StandardCharsets.UTF_8);
        assertThat(BodyText.charset("text/html", page)).isEqualTo(StandardCharsets.UTF_8);
    }
}
