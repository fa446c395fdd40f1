package io.weir.http;

import io.netty.util.AsciiString;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names that most responses have, as they are mostly written: made once, not for each response. */
final class HeaderNames {
    private static final Map<AsciiString, String> KNOWN = Stream.of(
                    "Accept-Ranges",
                    "Age",
                    "Cache-Control",
                    "Connection",
                    "Content-Encoding",
                    "Content-Length",
                    "Content-Type",
                    "Date",
                    "ETag",
                    "Expires",
                    "Last-Modified",
                    "Location",
                    "Server",
                    "Set-Cookie",
                    "Strict-Transport-Security",
                    "Transfer-Encoding",
                    "Vary")
            .flatMap(name -> Stream.of(name, AsciiString.of(name).toLowerCase().toString()))
            .collect(Collectors.toUnmodifiableMap(AsciiString::new, Function.identity()));

    private HeaderNames() {}

    /** The name, letter by letter. */
    static String of(CharSequence name) {
        String known = name instanceof AsciiString ascii ? KNOWN.get(ascii) : null;
        return known == null ? name.toString() : known;
    }
}
