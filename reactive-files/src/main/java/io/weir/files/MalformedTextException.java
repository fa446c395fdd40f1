package io.weir.files;

import java.nio.charset.Charset;

/**
 * Bytes that are no text in the charset, or text the charset cannot express. Neither is replaced in silence: a question
 * mark written over a name is found too late.
 */
public final class MalformedTextException extends FileException {
    /** In bytes, or chars. */
    private final long offset;

    private final transient Charset charset;

    private MalformedTextException(FileOperation operation, String problem, long offset, Charset charset) {
        super(operation, problem, null);
        this.offset = offset;
        this.charset = charset;
    }

    static MalformedTextException reading(FileOperation operation, long offset, Charset charset) {
        return new MalformedTextException(
                operation, "the bytes at offset " + offset + " are not " + charset.name(), offset, charset);
    }

    static MalformedTextException writing(FileOperation operation, long index, Charset charset) {
        return new MalformedTextException(
                operation, "the char at index " + index + " cannot be written as " + charset.name(), index, charset);
    }

    /**
     * Where the text is malformed.
     *
     * @return when reading, the byte offset in the file; when writing, the index of the char in the text, or in the line
     */
    public long offset() {
        return offset;
    }

    /**
     * What the text should have been.
     *
     * @return the charset
     */
    public Charset charset() {
        return charset;
    }
}
