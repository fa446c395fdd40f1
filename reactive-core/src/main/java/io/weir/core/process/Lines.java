package io.weir.core.process;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/** Bytes in, lines out: LF, CR and CRLF end one, wherever the reads cut them; the last line needs no ending. What is malformed is replaced. */
final class Lines implements Chunks<String> {
    private final Command command;
    private final String stream;
    private final CharsetDecoder decoder;
    private final StringBuilder line = new StringBuilder();

    private ByteBuffer in = ByteBuffer.allocate(0); // what is not decoded yet
    private CharBuffer chars = CharBuffer.allocate(0); // what is decoded and in no line yet
    private boolean ended;
    private boolean afterCarriageReturn;

    Lines(Command command, String stream) {
        this.command = command;
        this.stream = stream;
        this.decoder = command.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    @Override
    public void received(byte[] buffer, int count) {
        ByteBuffer joined = ByteBuffer.allocate(in.remaining() + count); // what is left is a part of a character
        in = joined.put(in).put(buffer, 0, count).flip();
        decode();
    }

    @Override
    public void end() {
        ended = true;
        decode();
    }

    private void decode() {
        CharBuffer out = CharBuffer.allocate((int) (in.remaining() * (double) decoder.maxCharsPerByte()) + 16);
        CoderResult result = decoder.decode(in, out, ended);
        if (ended && result.isUnderflow()) {
            decoder.flush(out);
        }
        chars = out.flip();
    }

    @Override
    public @Nullable String next() {
        while (chars.hasRemaining()) {
            int start = chars.position();
            int at = start;
            while (at < chars.limit() && !isEnding(chars.get(at))) {
                at++;
            }
            if (line.length() + (at - start) > command.maxLineLength()) {
                throw new ProcessLineTooLongException(command, stream, command.maxLineLength());
            }
            if (at > start) {
                afterCarriageReturn = false;
                line.append(chars, 0, at - start);
            }
            if (at == chars.limit()) {
                chars.position(at);
                break;
            }
            char ending = chars.get(at);
            chars.position(at + 1);
            boolean secondHalf = afterCarriageReturn && ending == '\n';
            afterCarriageReturn = ending == '\r';
            if (!secondHalf) {
                return take();
            }
        }
        return ended && line.length() > 0 ? take() : null;
    }

    private static boolean isEnding(char c) {
        return c == '\n' || c == '\r';
    }

    private String take() {
        String taken = line.toString();
        line.setLength(0);
        return taken;
    }
}
