package io.weir.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a {@link FetchBody#ofMultipart multipart} form: a name, and any body. Immutable. */
public final class FetchPart {
    private final String name;
    private final @Nullable String fileName;
    private final FetchBody body;

    private FetchPart(String name, @Nullable String fileName, FetchBody body) {
        this.name = name;
        this.fileName = fileName;
        this.body = body;
    }

    /**
     * A field with a text in UTF-8.
     *
     * @param name the field's name
     * @param value its value
     * @return the part
     * @throws FetchRequestException if the name is empty or has a control character
     */
    public static FetchPart of(String name, String value) {
        return of(name, FetchBody.inMemory(value.getBytes(StandardCharsets.UTF_8), null));
    }

    /**
     * A field with any body but another form.
     *
     * @param name the field's name
     * @param body its content
     * @return the part
     * @throws FetchRequestException if the name is empty or has a control character
     */
    public static FetchPart of(String name, FetchBody body) {
        return new FetchPart(checked(name), null, Objects.requireNonNull(body, "body"));
    }

    /**
     * A file, under its own name, as {@code application/octet-stream} unless set otherwise.
     *
     * @param name the field's name
     * @param path the file
     * @return the part
     * @throws FetchRequestException if a name is empty or has a control character
     */
    public static FetchPart file(String name, Path path) {
        Path last = path.getFileName();
        return of(name, FetchBody.ofFile(path))
                .fileName(last == null ? "" : last.toString())
                .contentType("application/octet-stream");
    }

    /**
     * Makes the part a file to the server.
     *
     * @param file the file's name
     * @return the part with this file name
     * @throws FetchRequestException if the name is empty or has a control character
     */
    public FetchPart fileName(String file) {
        return new FetchPart(name, checked(file), body);
    }

    /**
     * Sets what the part is.
     *
     * @param type media type and parameters
     * @return the part of this type
     * @throws FetchRequestException if it cannot be sent
     */
    public FetchPart contentType(String type) {
        return new FetchPart(name, fileName, body.contentType(type));
    }

    FetchBody body() {
        return body;
    }

    /** The part's header section, with the empty line at its end. */
    byte[] head() {
        StringBuilder head = new StringBuilder(128);
        head.append("Content-Disposition: form-data; name=\"")
                .append(quoted(name))
                .append('"');
        if (fileName != null) {
            head.append("; filename=\"").append(quoted(fileName)).append('"');
        }
        String type = body.contentType();
        if (type != null) {
            head.append("\r\nContent-Type: ").append(type);
        }
        return head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** As browsers do. */
    private static String quoted(String text) {
        return text.replace("\"", "%22");
    }

    private static String checked(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw new FetchRequestException("the name of a part or its file is empty or has a control character");
        }
        return name;
    }

    /** The names and nothing of the content. */
    @Override
    public String toString() {
        return fileName == null ? name : name + " (" + fileName + ")";
    }
}
