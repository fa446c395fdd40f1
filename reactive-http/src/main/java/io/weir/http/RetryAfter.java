package io.weir.http;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
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
        Instant until = date(text);
        if (until == null) {
            return null;
        }
        Instant sent = date(headers.first("Date"));
        Duration left = Duration.between(sent == null ? Instant.ofEpochMilli(nowMillis) : sent, until);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static @Nullable Instant date(@Nullable String text) {
        Date date = text == null || text.isEmpty() ? null : DateFormatter.parseHttpDate(text);
        return date == null ? null : date.toInstant();
    }
}
