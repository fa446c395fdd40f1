package io.weir.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns whole pieces of text into Strings, and refuses bytes that are no text, or replaces them. */
final class TextDecoder {
    private static final char REPLACEMENT = '\uFFFD';
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int ALL_BYTES = 256;

    private final FileOperation operation;
    private final Charset charset;
    private final boolean replacing;
    private final boolean ascii;

    TextDecoder(FileOperation operation, ReadOptions options) {
        this.operation = operation;
        this.charset = options.charset();
        this.replacing = options.isReplacingMalformed();
        this.ascii = keepsAsciiLineEndings(charset);
    }

    /** Whether the bytes 0x0A and 0x0D, wherever they stand, are LF and CR, and nothing else is. */
    static boolean keepsAsciiLineEndings(Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return true;
        }
        if (charset.newDecoder().maxCharsPerByte() != 1f
                || !charset.canEncode()
                || charset.newEncoder().maxBytesPerChar() != 1f) {
            return false;
        }
        byte[] bytes = new byte[ALL_BYTES];
        for (int i = 0; i < ALL_BYTES; i++) {
            bytes[i] = (byte) i;
        }
        String chars = new String(bytes, charset);
        return chars.length() == ALL_BYTES
                && chars.indexOf('\n') == '\n'
                && chars.lastIndexOf('\n') == '\n'
                && chars.indexOf('\r') == '\r'
                && chars.lastIndexOf('\r') == '\r';
    }

    /** A file's whole text; a byte order mark at its beginning is dropped. */
    String decodeFile(byte[] bytes) {
        String text = decode(bytes, 0, bytes.length, 0);
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /**
     * Decodes some bytes, the first of which stands at an offset in the file.
     *
     * <p>The String constructor is several times faster than a decoder, and marks what is malformed with a replacement
     * character: only text with such a mark, which may of course stand in the file, is decoded again, strictly.
     */
    String decode(byte[] bytes, int from, int length, long offset) {
        if (!ascii && !replacing) {
            return decodeStrictly(bytes, from, length, offset);
        }
        String text = new String(bytes, from, length, charset);
        return replacing || text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(bytes, from, length, offset);
    }

    private String decodeStrictly(byte[] bytes, int from, int length, long offset) {
        CharsetDecoder decoder = decoder(charset, CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, length).slice();
        CharBuffer out = CharBuffer.allocate((int) Math.ceil(length * (double) decoder.maxCharsPerByte()) + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (!result.isError()) {
            result = decoder.flush(out);
        }
        if (result.isError()) {
            throw MalformedTextException.reading(operation, offset + in.position(), charset);
        }
        return out.flip().toString();
    }

    static CharsetDecoder decoder(Charset charset, CodingErrorAction action) {
        return charset.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
    }
}
