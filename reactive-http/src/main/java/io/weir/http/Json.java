package io.weir.http;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** JSON, where Jackson is there: only who asks for JSON needs it. */
final class Json {
    private Json() {}

    static byte[] write(@Nullable Object value) {
        return with(() -> Jackson.write(value));
    }

    static <T> T read(FetchResponse response, Class<T> type) {
        return with(() -> Jackson.read(response, type));
    }

    static <T> List<T> readList(FetchResponse response, Class<T> type) {
        return with(() -> Jackson.readList(response, type));
    }

    private static <T> T with(Supplier<T> jackson) {
        try {
            return jackson.get();
        } catch (NoClassDefFoundError e) {
            if (String.valueOf(e.getMessage()).startsWith("tools/jackson/")) {
                throw new IllegalStateException("JSON needs tools.jackson.core:jackson-databind on the class path", e);
            }
            throw e;
        }
    }
}
