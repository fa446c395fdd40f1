package io.weir.http;

import static io.weir.http.FetchPhase.BODY;
import static io.weir.http.FetchPhase.CONNECT;
import static io.weir.http.FetchPhase.HEADERS;
import static io.weir.http.FetchPhase.SEND;
import static io.weir.http.FetchPhase.TLS;
import static io.weir.http.Sent.MAYBE;
import static io.weir.http.Sent.NO;
import static io.weir.http.Sent.YES;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A way for a server to go wrong, and the error that says so: its type, where the fetch was, what it knows of what it sent, and, where it names
 * one, the setting or the reason. Where two things race, each of them is right.
 */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes them
enum Fault {
    // ---- before a request is written ----
    NOBODY_LISTENS(FetchConnectException.class, CONNECT, NO, FaultServer.Peer::reset),
    SPEAKS_NO_TLS(FetchConnectException.class, TLS, NO, peer -> {
        peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.hold();
    }),
    CLOSED_AT_THE_HANDSHAKE(FetchConnectException.class, TLS, NO, peer -> peer.take(1)),
    RESET_AT_THE_HANDSHAKE(FetchConnectException.class, TLS, NO, peer -> {
        peer.take(1);
        peer.reset();
    }),
    A_TLS_ALERT(FetchConnectException.class, TLS, NO, peer -> {
        peer.take(1);
        peer.send("\u0015\u0003\u0003\0\2\2\50");
        peer.hold();
    }),
    HALF_A_TLS_RECORD(FetchConnectException.class, TLS, NO, peer -> {
        peer.take(1);
        peer.send("\u0016\u0003\u0003\0\100\2\0\0");
    }),
    SILENT_AT_THE_HANDSHAKE(FetchTimeoutException.class, TLS, NO, FaultServer.Peer::hold, "tlsTimeout"),

    // ---- before the response's head is complete ----
    RESET_AT_ONCE(Set.of(FetchConnectException.class, FetchDisconnectedException.class), FaultServer.Peer::reset),
    CLOSED_WITHOUT_A_WORD(FetchDisconnectedException.class, HEADERS, MAYBE, FaultServer.Peer::readRequest),
    RESET_WITHOUT_A_WORD(FetchDisconnectedException.class, HEADERS, MAYBE, peer -> {
        peer.readRequest();
        peer.reset();
    }),
    HALF_CLOSED_WITHOUT_A_WORD(FetchDisconnectedException.class, HEADERS, MAYBE, peer -> {
        peer.readRequest();
        peer.halfClose();
        peer.hold();
    }),
    SILENT(FetchTimeoutException.class, HEADERS, MAYBE, FaultServer.Peer::hold, "headersTimeout"),
    HEADERS_TRICKLE(
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            peer -> trickle(peer, "HTTP/1.1 200 OK\r\nA: ", "x"),
            "headersTimeout"),
    INTERIM_RESPONSES_TRICKLE(
            FetchTimeoutException.class,
            HEADERS,
            YES,
            peer -> trickle(peer, "", "HTTP/1.1 103 Early Hints\r\n\r\n"),
            "headersTimeout"),
    INTERIM_RESPONSES_WITHOUT_END(FetchProtocolException.class, HEADERS, YES, peer -> {
        peer.readRequest();
        flood(peer, "", "HTTP/1.1 103 Early Hints\r\n\r\n");
    }),
    A_SWITCH_NOBODY_ASKED_FOR(
            FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    GARBAGE(FetchProtocolException.class, HEADERS, YES, "garbage\r\n\r\n"),
    ANOTHER_PROTOCOL(FetchProtocolException.class, HEADERS, YES, "SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    AN_OLD_PROTOCOL(FetchProtocolException.class, HEADERS, YES, "ICY 200 OK\r\n\r\n"),
    A_STATUS_THAT_IS_NO_NUMBER(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 abc OK\r\n\r\n"),
    NO_STATUS(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1\r\n\r\n"),
    A_BARE_LINE_FEED(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
    A_NUL_IN_A_HEADER(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n"),
    A_HEADER_WITHOUT_A_NAME(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\n: b\r\n\r\n"),
    A_LENGTH_THAT_IS_NO_NUMBER(
            FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n"),
    A_NEGATIVE_LENGTH(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
    A_SIGNED_LENGTH(FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok"),
    TWO_LENGTHS(
            FetchProtocolException.class,
            HEADERS,
            YES,
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
    A_LENGTH_AND_CHUNKS(
            FetchProtocolException.class,
            HEADERS,
            YES,
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    A_CODED_TRANSFER(
            FetchProtocolException.class,
            HEADERS,
            YES,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    AN_UNKNOWN_TRANSFER(
            FetchProtocolException.class, HEADERS, YES, "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n"),
    A_HEADER_THAT_IS_TOO_LONG(
            FetchLimitException.class,
            HEADERS,
            YES,
            "HTTP/1.1 200 OK\r\nA: " + "x".repeat(3000) + "\r\n\r\n",
            "maxHeaderBytes"),
    A_STATUS_LINE_THAT_IS_TOO_LONG(
            FetchLimitException.class, HEADERS, YES, "HTTP/1.1 200 " + "x".repeat(3000) + "\r\n\r\n", "maxHeaderBytes"),
    HEADERS_WITHOUT_END(
            FetchLimitException.class,
            HEADERS,
            YES,
            peer -> {
                peer.readRequest();
                flood(peer, "HTTP/1.1 200 OK\r\n", "A: 0123456789\r\n");
            },
            "maxHeaderBytes"),
    TOO_MANY_HEADERS(
            FetchLimitException.class,
            HEADERS,
            YES,
            "HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(21) + "\r\n",
            "maxHeaders"),

    // ---- within the body ----
    CUT_OFF_AFTER_THE_HEAD(
            FetchDisconnectedException.class, BODY, YES, cut("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")),
    HALF_CLOSED_WITHIN_THE_BODY(FetchDisconnectedException.class, BODY, YES, peer -> {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
        peer.halfClose();
        peer.hold();
    }),
    FEWER_BYTES_THAN_THE_LENGTH(
            FetchTimeoutException.class,
            BODY,
            YES,
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123456789",
            "readTimeout"),
    A_LENGTH_THAT_NO_BODY_HAS(
            FetchLimitException.class,
            BODY,
            YES,
            "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n123",
            "maxBodyBytes"),
    A_LENGTH_BEYOND_THE_LIMIT(
            FetchLimitException.class, BODY, YES, "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "maxBodyBytes"),
    A_BODY_WITHOUT_END(
            FetchLimitException.class,
            BODY,
            YES,
            peer -> {
                peer.readRequest();
                flood(peer, "HTTP/1.1 200 OK\r\n\r\n", "x".repeat(64));
            },
            "maxBodyBytes"),
    CHUNKS_WITHOUT_END(
            FetchLimitException.class,
            BODY,
            YES,
            peer -> {
                peer.readRequest();
                flood(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nxx\r\n");
            },
            "maxBodyBytes"),
    THE_BODY_STALLS(
            FetchTimeoutException.class,
            BODY,
            YES,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
            "readTimeout"),
    THE_BODY_TRICKLES(
            FetchTimeoutException.class,
            BODY,
            YES,
            peer -> trickle(peer, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "x"),
            "totalTimeout"),
    A_CHUNK_SIZE_THAT_IS_NO_NUMBER(FetchProtocolException.class, BODY, YES, chunks("zz\r\n")),
    A_NEGATIVE_CHUNK_SIZE(FetchProtocolException.class, BODY, YES, chunks("-1\r\nx\r\n0\r\n\r\n")),
    A_CHUNK_SIZE_BEYOND_ALL_NUMBERS(FetchProtocolException.class, BODY, YES, chunks("fffffffffffffffff\r\nx")),
    A_CHUNK_LONGER_THAN_ITS_SIZE(FetchProtocolException.class, BODY, YES, chunks("2\r\nabc\r\n0\r\n\r\n")),
    A_CHUNK_WITHOUT_ITS_LINE_END(FetchProtocolException.class, BODY, YES, chunks("2\r\nab0\r\n\r\n")),
    A_CHUNK_EXTENSION_WITHOUT_END(
            FetchLimitException.class,
            BODY,
            YES,
            peer -> {
                peer.readRequest();
                flood(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;", "a=b;");
            },
            "maxHeaderBytes"),
    TRAILERS_WITHOUT_END(
            FetchLimitException.class,
            BODY,
            YES,
            peer -> {
                peer.readRequest();
                flood(peer, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: 0123456789\r\n");
            },
            "maxHeaderBytes"),

    // ---- the body's coding ----
    AN_UNKNOWN_CODING(FetchContentException.class, BODY, YES, coded("x-none", "abc"), "UNKNOWN_CODING"),
    TWO_CODINGS(FetchContentException.class, BODY, YES, coded("gzip, gzip", "abc"), "SEVERAL_CODINGS"),
    WHAT_IS_NOT_GZIP(FetchContentException.class, BODY, YES, coded("gzip", "it is not gzip"), "MALFORMED"),
    HALF_A_GZIP(FetchContentException.class, BODY, YES, coded("gzip", half(gzip("content ".repeat(20)))), "TRUNCATED"),
    A_BOMB(FetchLimitException.class, BODY, YES, coded("gzip", gzip("x".repeat(1 << 20))), "maxBodyBytes"),
    A_CODED_BODY_CUT_OFF(FetchDisconnectedException.class, BODY, YES, peer -> {
        peer.readRequest();
        String content = gzip("content ".repeat(20));
        peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + content.length() + "\r\n\r\n"
                + half(content));
    }),

    // ---- redirects ----
    A_REDIRECT_TO_ITSELF(FetchRedirectException.class, BODY, YES, redirect(peer -> peer.path()), "LOOP"),
    REDIRECTS_WITHOUT_END(FetchRedirectException.class, BODY, YES, redirect(peer -> peer.path() + "x"), "LIMIT"),
    A_REDIRECT_TO_NOWHERE(FetchRedirectException.class, BODY, YES, redirect(peer -> "http://"), "INVALID"),
    A_REDIRECT_TO_A_FILE(FetchRedirectException.class, BODY, YES, redirect(peer -> "file:///etc/passwd"), "INVALID"),

    // ---- while the request's body is sent ----
    CLOSED_WHILE_SENDING(
            Set.of(FetchDisconnectedException.class),
            EnumSet.of(SEND, HEADERS),
            EnumSet.of(MAYBE),
            FaultServer.Peer::readHead),
    RESET_WHILE_SENDING(
            Set.of(FetchDisconnectedException.class), EnumSet.of(SEND, HEADERS), EnumSet.of(MAYBE), peer -> {
                peer.readHead();
                peer.reset();
            }),
    HALF_CLOSED_WHILE_SENDING(
            Set.of(FetchDisconnectedException.class), EnumSet.of(SEND, HEADERS), EnumSet.of(MAYBE), peer -> {
                peer.readHead();
                peer.halfClose();
                peer.hold();
            }),
    DEAF_WHILE_SENDING(FetchTimeoutException.class, SEND, MAYBE, FaultServer.Peer::sleep, "totalTimeout"),
    HALF_AN_ANSWER_WHILE_SENDING(Set.of(FetchDisconnectedException.class), EnumSet.of(BODY), EnumSet.of(YES), peer -> {
        peer.readHead();
        peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 10\r\n\r\nno");
        peer.halfClose();
        peer.hold();
    });

    private final Set<Class<? extends FetchException>> types;
    private final Set<FetchPhase> phases;
    private final Set<Sent> sent;
    /** The setting or the reason that the error names; null where it names none. */
    private final @Nullable String named;

    private final FaultServer.Script script;

    Fault(
            Set<Class<? extends FetchException>> types,
            Set<FetchPhase> phases,
            Set<Sent> sent,
            FaultServer.Script script,
            @Nullable String named) {
        this.types = types;
        this.phases = phases;
        this.sent = sent;
        this.script = script;
        this.named = named;
    }

    Fault(
            Set<Class<? extends FetchException>> types,
            Set<FetchPhase> phases,
            Set<Sent> sent,
            FaultServer.Script script) {
        this(types, phases, sent, script, null);
    }

    Fault(Set<Class<? extends FetchException>> types, FaultServer.Script script) {
        this(types, EnumSet.of(CONNECT, SEND, HEADERS), EnumSet.of(NO, MAYBE), script, null);
    }

    Fault(
            Class<? extends FetchException> type,
            FetchPhase phase,
            Sent sent,
            FaultServer.Script script,
            @Nullable String named) {
        this(Set.of(type), EnumSet.of(phase), EnumSet.of(sent), script, named);
    }

    Fault(Class<? extends FetchException> type, FetchPhase phase, Sent sent, FaultServer.Script script) {
        this(type, phase, sent, script, null);
    }

    Fault(Class<? extends FetchException> type, FetchPhase phase, Sent sent, String response) {
        this(type, phase, sent, response, null);
    }

    /** Says this, and holds the connection open. */
    Fault(Class<? extends FetchException> type, FetchPhase phase, Sent sent, String response, @Nullable String named) {
        this(
                type,
                phase,
                sent,
                peer -> {
                    peer.readRequest();
                    peer.send(response);
                    peer.hold();
                },
                named);
    }

    FaultMatrix.Expected expected() {
        return new FaultMatrix.Expected(types, phases, sent, named == null ? Set.of() : Set.of(named));
    }

    /** A client with small limits, and with that time short which is to run out. */
    FetchClient client() {
        Duration soon = Duration.ofMillis(100);
        FetchClientBuilder builder = FaultMatrix.settings();
        return switch (String.valueOf(named)) {
            case "tlsTimeout" -> builder.tlsTimeout(soon).build();
            case "headersTimeout" -> builder.headersTimeout(soon).build();
            case "readTimeout" -> builder.readTimeout(soon).build();
            // Long enough to come as far as the fault, on a slow machine too.
            case "totalTimeout" -> builder.totalTimeout(soon.multipliedBy(10)).build();
            default -> builder.build();
        };
    }

    /** A server that goes wrong in this way; it has gone already where that is the fault. */
    FaultServer start() throws IOException {
        FaultServer server = new FaultServer(script);
        if (this == NOBODY_LISTENS) {
            server.close();
        }
        return server;
    }

    FetchRequest request(FaultServer server) {
        String url = server.url("/path?token=secret");
        if (phases.contains(TLS)) {
            return FetchRequest.get(url.replace("http:", "https:"));
        }
        return name().endsWith("_WHILE_SENDING") ? FetchRequest.post(url, endless()) : FetchRequest.get(url);
    }

    /** Not of a source that can be polled: to discard what is left of one is to count to its end. */
    static FetchBody endless() {
        return FetchBody.ofPublisher(Mono.delay(Duration.ofMillis(1))
                .map(tick -> Unpooled.wrappedBuffer(new byte[64 << 10]))
                .repeat());
    }

    private static FaultServer.Script cut(String response) {
        return peer -> {
            peer.readRequest();
            peer.send(response);
        };
    }

    private static String chunks(String framed) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed;
    }

    private static String coded(String coding, String content) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                + content.length() + "\r\n\r\n" + content;
    }

    private interface To {
        String from(FaultServer.Peer peer);
    }

    private static FaultServer.Script redirect(To to) {
        return peer -> {
            while (peer.readRequest()) {
                peer.send("HTTP/1.1 302 Found\r\nLocation: " + to.from(peer) + "\r\nContent-Length: 0\r\n\r\n");
            }
        };
    }

    private static void trickle(FaultServer.Peer peer, String first, String then) throws IOException {
        peer.readRequest();
        peer.send(first);
        while (true) {
            LockSupport.parkNanos(20_000_000);
            peer.send(then);
        }
    }

    private static void flood(FaultServer.Peer peer, String first, String then) throws IOException {
        peer.send(first);
        String much = then.repeat(64);
        while (true) {
            peer.send(much);
        }
    }

    static String half(String all) {
        return all.substring(0, all.length() / 2);
    }

    static String gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
