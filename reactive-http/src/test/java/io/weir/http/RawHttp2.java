package io.weir.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One connection of HTTP/2, seen from a server that writes each frame itself, right or wrong. Bytes are the characters of strings. */
final class RawHttp2 {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    private static final int PREFACE = 24;

    final FaultServer.Peer peer;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();
    private String path = "";

    RawHttp2(FaultServer.Peer peer) {
        this.peer = peer;
    }

    /** What to do with each request of a connection. */
    interface Script {
        void answer(RawHttp2 http, int stream) throws IOException;
    }

    /** Agrees on settings, and answers each request in turn; the connection stays open until the client ends it. */
    static FaultServer.Script answering(Script script) {
        return answering(settings(), script);
    }

    /** @param first what the server says before it has heard anything */
    static FaultServer.Script answering(String first, Script script) {
        return peer -> {
            RawHttp2 http = new RawHttp2(peer);
            http.open(first);
            while (true) {
                script.answer(http, http.request());
            }
        };
    }

    // ---- what is said ----

    static String frame(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return "" + (char) (length >> 16) + (char) (length >> 8 & 255) + (char) (length & 255) + (char) type
                + (char) flags + number(stream) + payload;
    }

    /** Four bytes. */
    static String number(int value) {
        return "" + (char) (value >>> 24) + (char) (value >> 16 & 255) + (char) (value >> 8 & 255)
                + (char) (value & 255);
    }

    /** @param pairs identifiers and values */
    static String settings(int... pairs) {
        StringBuilder payload = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            payload.append((char) 0).append((char) pairs[i]).append(number(pairs[i + 1]));
        }
        return frame(SETTINGS, 0, 0, payload.toString());
    }

    /** The lines of a header, none of which is remembered or compressed. */
    static String lines(String... namesAndValues) {
        StringBuilder block = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            block.append('\0').append(text(namesAndValues[i])).append(text(namesAndValues[i + 1]));
        }
        return block.toString();
    }

    private static String text(String text) {
        StringBuilder length = new StringBuilder();
        if (text.length() < 127) {
            length.append((char) text.length());
        } else {
            length.append((char) 127);
            int rest = text.length() - 127;
            for (; rest > 127; rest >>= 7) {
                length.append((char) ((rest & 127) | 128));
            }
            length.append((char) rest);
        }
        return length + text;
    }

    static String head(int flags, int stream, String lines) {
        return frame(HEADERS, flags, stream, lines);
    }

    static String headers(int stream, String... namesAndValues) {
        return head(END_HEADERS, stream, lines(namesAndValues));
    }

    static String ok(int stream, String... namesAndValues) {
        return head(END_HEADERS, stream, lines(":status", "200") + lines(namesAndValues));
    }

    static String data(int stream, String bytes) {
        return frame(DATA, 0, stream, bytes);
    }

    static String end(int stream, String bytes) {
        return frame(DATA, END_STREAM, stream, bytes);
    }

    static String reset(int stream, int error) {
        return frame(RST_STREAM, 0, stream, number(error));
    }

    static String goAway(int last, int error) {
        return frame(GOAWAY, 0, 0, number(last) + number(error));
    }

    // ---- what is heard ----

    /** Takes the client's preface. */
    void open(String first) throws IOException {
        peer.send(first);
        if (peer.take(PREFACE).length < PREFACE) {
            throw new EOFException();
        }
    }

    /** The stream of the next request, whose body is still to come. */
    int request() throws IOException {
        while (true) {
            Frame frame = read();
            if (frame.type == HEADERS) {
                return frame.stream;
            }
        }
    }

    /** The path of the last request. */
    String path() {
        return path;
    }

    /** A whole frame; agrees to settings. */
    Frame read() throws IOException {
        byte[] head = peer.take(9);
        if (head.length < 9) {
            throw new EOFException();
        }
        int length = Unpooled.wrappedBuffer(head).getMedium(0) & 0xffffff;
        int stream = Unpooled.wrappedBuffer(head).getInt(5) & Integer.MAX_VALUE;
        byte[] payload = peer.take(length);
        Frame frame = new Frame(head[3], head[4], stream, new String(payload, StandardCharsets.ISO_8859_1));
        if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
            peer.send(frame(SETTINGS, ACK, 0, ""));
        } else if (frame.type == HEADERS) {
            path = String.valueOf(decode(stream, payload).path());
        }
        return frame;
    }

    private Http2Headers decode(int stream, byte[] block) throws IOException {
        try {
            return hpack.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    void send(String bytes) throws IOException {
        peer.send(bytes);
    }

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, String payload) {}
}
