package io.weir.demos.crawl;

import java.io.StringWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Spells a visit as one line of JSON, for {@code pages.ndjson}. */
final class JsonLine {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonLine() {}

    /** Every line has every field, so that a reader need not ask which are there. */
    static String of(Visit visit, Path out) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("url", visit.link().url().toString());
            json.writeStringProperty("outcome", visit.outcome().toString());
            json.writeNumberProperty("status", visit.status());
            json.writeStringProperty("finalUrl", visit.finalUrl().toString());
            json.writeNumberProperty("bytes", visit.bytes());
            json.writeNumberProperty("millis", visit.elapsed().toMillis());
            json.writeNumberProperty("retries", visit.retries());
            json.writeNumberProperty("redirects", visit.redirects());
            json.writeNumberProperty("depth", visit.link().depth());
            nullable(json, "foundOn", visit.link().foundOn());
            Path file = visit.file();
            nullable(
                    json,
                    "file",
                    file == null ? null : out.relativize(file).toString().replace('\\', '/'));
            nullable(json, "error", visit.error());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void nullable(JsonGenerator json, String name, @Nullable Object value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value.toString());
        }
    }
}
