package io.weir.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a client allows. Filled by {@link FetchClientBuilder}, where each is described. */
record Limits(
        int maxInFlight,
        int maxPerHost,
        int maxWaiting,
        int maxOpenSockets,
        Duration queueTimeout,
        Duration dnsTimeout,
        Duration connectTimeout,
        Duration tlsTimeout,
        Duration headersTimeout,
        Duration readTimeout,
        Duration totalTimeout,
        long maxBodyBytes,
        int maxExpansion,
        int maxHeaderBytes,
        int maxHeaders,
        Duration idleTime,
        Duration lifeTime,
        RedirectPolicy redirects,
        String userAgent) {

    /** The longest a phase may take, or the total where it has no limit of its own. */
    Duration of(FetchPhase phase) {
        return switch (phase) {
            case QUEUE -> queueTimeout;
            case DNS -> dnsTimeout;
            case CONNECT -> connectTimeout;
            case TLS -> tlsTimeout;
            case HEADERS -> headersTimeout;
            case BODY -> readTimeout;
            case REQUEST, SEND, BACKOFF, DONE -> totalTimeout;
        };
    }

    static String setting(FetchPhase phase) {
        return switch (phase) {
            case QUEUE -> "queueTimeout";
            case DNS -> "dnsTimeout";
            case CONNECT -> "connectTimeout";
            case TLS -> "tlsTimeout";
            case HEADERS -> "headersTimeout";
            case BODY -> "readTimeout";
            case REQUEST, SEND, BACKOFF, DONE -> "totalTimeout";
        };
    }

    /** At most 292 years, and never negative. */
    static long nanos(Duration value) {
        return Math.max(0, TimeUnit.NANOSECONDS.convert(value));
    }

    static Duration positive(String setting, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(setting + " must be positive: " + value);
        }
        return value;
    }

    static int positive(String setting, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(setting + " must be positive: " + value);
        }
        return value;
    }

    static long bodyBytes(long value) {
        if (value < 0 || value > BodyBuffer.MAX) {
            throw new IllegalArgumentException("maxBodyBytes must be from 0 to " + BodyBuffer.MAX + ": " + value);
        }
        return value;
    }

    /** A quarter of what the process may open, as the client is not the only one to open things; 1024 at most. */
    static int openSockets() {
        Path limits = Path.of("/proc/self/limits");
        try {
            List<String> lines = Files.isReadable(limits) ? Files.readAllLines(limits) : List.of();
            for (String line : lines) {
                String[] words = line.split("\\s+");
                if (line.startsWith("Max open files") && words[3].matches("[0-9]{1,9}")) {
                    return Math.max(1, Math.min(1024, Integer.parseInt(words[3]) / 4));
                }
            }
        } catch (IOException e) {
            // Not there, or not for us to read: the bound does not depend on it.
        }
        return 1024;
    }
}
