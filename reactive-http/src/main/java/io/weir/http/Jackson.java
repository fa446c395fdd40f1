package io.weir.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson 3. Named by {@link Json} only, which says so where Jackson is missing. */
final class Jackson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Jackson() {}

    static byte[] write(@Nullable Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new FetchRequestException("the body cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    static <T> T read(FetchResponse response, Class<T> type) {
        try {
            return nonNull(response, MAPPER.readValue(response.bytes(), type));
        } catch (JacksonException e) {
            throw response.notJson(e.getOriginalMessage(), e);
        }
    }

    static <T> List<T> readList(FetchResponse response, Class<T> type) {
        try {
            return nonNull(response, MAPPER.readerForListOf(type).<List<T>>readValue(response.bytes()));
        } catch (JacksonException e) {
            throw response.notJson(e.getOriginalMessage(), e);
        }
    }

    private static <T> T nonNull(FetchResponse response, @Nullable T value) {
        if (value == null) {
            throw response.notJson("it is null", null);
        }
        return value;
    }
}
