package io.weir.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After}. */
final class RetryAfter {
    private RetryAfter() {}

    /**
     * How long the server asks to wait, or null where it does not say so in a way that can be read. A date is taken relative to the response's own {@code
     * Date}, so that it does not matter whose clock is wrong; where there is none, to {@code nowMillis}.
     */
    static @Nullable Duration of(FetchHeaders headers, long nowMillis) {
        String value = headers.first("Retry-After");
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        Date until = date(text);
        if (until == null) {
            return null;
        }
        Date sent = date(headers.first("Date"));
        long from = sent == null ? nowMillis : sent.getTime();
        return Duration.ofMillis(Math.max(0, until.getTime() - from));
    }

    private static @Nullable Date date(@Nullable String text) {
        return text == null || text.isEmpty() ? null : DateFormatter.parseHttpDate(text);
    }
}
