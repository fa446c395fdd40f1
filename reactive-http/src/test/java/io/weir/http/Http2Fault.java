package io.weir.http;

import static io.weir.http.FetchPhase.BODY;
import static io.weir.http.FetchPhase.CONNECT;
import static io.weir.http.FetchPhase.HEADERS;
import static io.weir.http.FetchPhase.SEND;
import static io.weir.http.FetchPhase.TLS;
import static io.weir.http.Http2Fault.Ends.CONNECTION;
import static io.weir.http.Http2Fault.Ends.STREAM;
import static io.weir.http.RawHttp2.ACK;
import static io.weir.http.RawHttp2.CONTINUATION;
import static io.weir.http.RawHttp2.DATA;
import static io.weir.http.RawHttp2.END_HEADERS;
import static io.weir.http.RawHttp2.END_STREAM;
import static io.weir.http.RawHttp2.GOAWAY;
import static io.weir.http.RawHttp2.PADDED;
import static io.weir.http.RawHttp2.PING;
import static io.weir.http.RawHttp2.PUSH_PROMISE;
import static io.weir.http.RawHttp2.RST_STREAM;
import static io.weir.http.RawHttp2.SETTINGS;
import static io.weir.http.RawHttp2.WINDOW_UPDATE;
import static io.weir.http.RawHttp2.data;
import static io.weir.http.RawHttp2.end;
import static io.weir.http.RawHttp2.frame;
import static io.weir.http.RawHttp2.goAway;
import static io.weir.http.RawHttp2.head;
import static io.weir.http.RawHttp2.headers;
import static io.weir.http.RawHttp2.lines;
import static io.weir.http.RawHttp2.number;
import static io.weir.http.RawHttp2.ok;
import static io.weir.http.RawHttp2.reset;
import static io.weir.http.RawHttp2.settings;
import static io.weir.http.Sent.MAYBE;
import static io.weir.http.Sent.NO;
import static io.weir.http.Sent.YES;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A way for a server of HTTP/2 to go wrong, and the error that says so, as a {@link Fault} is one of HTTP/1.1. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes them
enum Http2Fault {
    // ---- before a request is written ----
    CLOSED_AT_ONCE(unsent(Set.of(FetchConnectException.class, FetchDisconnectedException.class)), peer -> {}),
    CLOSED_BEFORE_THE_FIRST_FRAME(
            unsent(Set.of(FetchConnectException.class, FetchDisconnectedException.class)), peer -> peer.take(1)),
    RESET_BEFORE_THE_FIRST_FRAME(
            unsent(Set.of(FetchConnectException.class, FetchDisconnectedException.class)), peer -> {
                peer.take(1);
                peer.reset();
            }),
    HALF_OF_THE_FIRST_FRAME(unsent(Set.of(FetchConnectException.class, FetchDisconnectedException.class)), peer -> {
        peer.take(1);
        peer.send(settings().substring(0, 5));
    }),
    SILENT_BEFORE_THE_FIRST_FRAME(late("connectTimeout", "tlsTimeout"), FaultServer.Peer::hold),
    ANSWERS_IN_HTTP1(unsent(Set.of(FetchProtocolException.class)), peer -> {
        peer.take(1);
        peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        peer.hold();
    }),
    BEGINS_WITH_ANOTHER_FRAME(unsent(Set.of(FetchProtocolException.class)), first(frame(PING, 0, 0, "12345678"))),
    A_SETTING_THAT_IS_NO_FLAG(unsent(Set.of(FetchProtocolException.class)), first(settings(2, 2))),
    A_WINDOW_BEYOND_ALL_NUMBERS(unsent(Set.of(FetchProtocolException.class)), first(settings(4, 1 << 31))),
    FRAMES_OF_A_BYTE(unsent(Set.of(FetchProtocolException.class)), first(settings(5, 1))),
    HALF_A_SETTING(unsent(Set.of(FetchProtocolException.class)), first(frame(SETTINGS, 0, 0, "\0\1\0"))),
    GIVES_UP_AT_ONCE(unsent(Set.of(FetchDisconnectedException.class)), first(settings() + goAway(0, 0))),
    GIVES_UP_AT_ONCE_WITH_AN_ERROR(unsent(Set.of(FetchDisconnectedException.class)), first(settings() + goAway(0, 11))),
    ALLOWS_NO_STREAM(unsent(Set.of(FetchDisconnectedException.class)), first(settings(3, 0))),

    // ---- before the response's head is complete ----
    CLOSED_WITHOUT_A_WORD(CONNECTION, FetchDisconnectedException.class, HEADERS, MAYBE, (http, id) -> close(http)),
    RESET_WITHOUT_A_WORD(CONNECTION, FetchDisconnectedException.class, HEADERS, MAYBE, (http, id) -> cut(http)),
    HALF_CLOSED_WITHOUT_A_WORD(CONNECTION, FetchDisconnectedException.class, HEADERS, MAYBE, (http, id) -> half(http)),
    GIVEN_UP_BEFORE_OURS(CONNECTION, FetchDisconnectedException.class, HEADERS, NO, (http, id) -> goAway(id - 2, 0)),
    GIVEN_UP_BEFORE_OURS_AND_CLOSED(CONNECTION, FetchDisconnectedException.class, HEADERS, NO, (http, id) -> {
        http.send(goAway(id - 2, 0));
        return close(http);
    }),
    GIVEN_UP_BEFORE_OURS_WITH_AN_ERROR(
            CONNECTION, FetchDisconnectedException.class, HEADERS, NO, (http, id) -> goAway(id - 2, 2)),
    GIVEN_UP_AND_CLOSED(CONNECTION, FetchDisconnectedException.class, HEADERS, MAYBE, (http, id) -> {
        http.send(goAway(id, 0));
        return close(http);
    }),
    GIVEN_UP_WITH_AN_ERROR_AND_CLOSED(CONNECTION, FetchDisconnectedException.class, HEADERS, MAYBE, (http, id) -> {
        http.send(goAway(Integer.MAX_VALUE, 2));
        return close(http);
    }),
    SILENT(STREAM, FetchTimeoutException.class, HEADERS, MAYBE, (http, id) -> "", "headersTimeout"),
    PINGS_TRICKLE(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            (http, id) -> trickle(http, "", frame(PING, 0, 0, "12345678")),
            "headersTimeout"),
    HALF_OF_THE_HEADERS(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            (http, id) -> {
                http.send(head(0, id, lines(":status", "200")));
                return hold(http);
            },
            "headersTimeout"),
    HEADERS_TRICKLE(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            (http, id) -> {
                trickle(http, head(0, id, lines(":status", "200")), frame(CONTINUATION, 0, id, lines("a", "b")));
                return hold(http);
            },
            "headersTimeout"),
    INTERIM_RESPONSES_TRICKLE(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            YES,
            (http, id) -> trickle(http, "", headers(id, ":status", "103")),
            "headersTimeout"),
    INTERIM_RESPONSES_WITHOUT_END(
            STREAM,
            FetchProtocolException.class,
            HEADERS,
            YES,
            (http, id) -> headers(id, ":status", "103").repeat(40)),
    A_SWITCH_NOBODY_ASKED_FOR(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> headers(id, ":status", "101")),
    AN_INTERIM_RESPONSE_AND_NO_OTHER(
            STREAM,
            FetchDisconnectedException.class,
            HEADERS,
            YES,
            (http, id) -> head(END_HEADERS | END_STREAM, id, lines(":status", "103"))),
    NO_STATUS(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> headers(id, "a", "b")),
    A_STATUS_THAT_IS_NO_NUMBER(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> headers(id, ":status", "abc")),
    TWO_STATUSES(
            STREAM,
            FetchProtocolException.class,
            HEADERS,
            YES,
            (http, id) -> headers(id, ":status", "200", ":status", "404")),
    A_STATUS_AFTER_THE_HEADERS(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> headers(id, "a", "b", ":status", "200")),
    A_HEADER_OF_REQUESTS(
            STREAM,
            FetchProtocolException.class,
            HEADERS,
            YES,
            (http, id) -> headers(id, ":status", "200", ":path", "/")),
    A_HEADER_OF_THE_PROTOCOLS_OWN(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, ":unknown", "b")),
    A_HEADER_OF_HTTP1(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "connection", "close")),
    A_TRANSFER_CODING(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "transfer-encoding", "chunked")),
    A_CAPITAL_IN_A_NAME(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "Server", "b")),
    A_HEADER_WITHOUT_A_NAME(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "", "b")),
    A_NUL_IN_A_HEADER(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "a", "b\0c")),
    A_LINE_END_IN_A_HEADER(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "a", "b\r\nc: d")),
    A_LENGTH_THAT_IS_NO_NUMBER(
            STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "content-length", "abc")),
    A_NEGATIVE_LENGTH(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> ok(id, "content-length", "-1")),
    TWO_LENGTHS(
            STREAM,
            FetchProtocolException.class,
            HEADERS,
            YES,
            (http, id) -> ok(id, "content-length", "1", "content-length", "2")),
    HEADERS_THAT_ARE_TOO_LONG(
            STREAM,
            FetchLimitException.class,
            HEADERS,
            YES,
            (http, id) -> ok(id, "a", "x".repeat(2100)),
            "maxHeaderBytes"),
    HEADERS_FAR_TOO_LONG(
            CONNECTION,
            FetchLimitException.class,
            HEADERS,
            MAYBE,
            (http, id) -> ok(id, "a", "x".repeat(9000)),
            "maxHeaderBytes"),
    TOO_MANY_HEADERS(
            STREAM,
            FetchLimitException.class,
            HEADERS,
            YES,
            (http, id) -> head(
                    END_HEADERS, id, lines(":status", "200") + lines("a", "b").repeat(21)),
            "maxHeaders"),
    HEADERS_WITHOUT_END(
            CONNECTION,
            FetchLimitException.class,
            HEADERS,
            MAYBE,
            (http, id) -> flood(
                    http,
                    head(0, id, lines(":status", "200")),
                    frame(CONTINUATION, 0, id, lines("a", "x".repeat(2000)))),
            "maxHeaderBytes"),
    HEADERS_OF_NOTHING_WITHOUT_END(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> flood(http, head(0, id, lines(":status", "200")), frame(CONTINUATION, 0, id, ""))),
    ANOTHER_FRAME_WITHIN_THE_HEADERS(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> head(0, id, lines(":status", "200")) + data(id, "ok")),
    MORE_HEADERS_OF_NOTHING(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(CONTINUATION, END_HEADERS, id, lines("a", "b"))),
    A_BODY_WITHOUT_A_HEAD(STREAM, FetchProtocolException.class, HEADERS, YES, (http, id) -> end(id, "ok")),
    AN_UNKNOWN_LINE_OF_THE_TABLE(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> head(END_HEADERS, id, "\u00ff\u0080\1")),
    A_LINE_BEYOND_ALL_NUMBERS(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> head(END_HEADERS, id, "\u00ff".repeat(12))),
    HALF_A_LINE(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> head(END_HEADERS, id, "\0\5ab")),
    A_TABLE_BEYOND_WHAT_WAS_AGREED(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> head(END_HEADERS, id, "?\u00ff\u00ff\3" + lines(":status", "200"))),
    A_PUSH(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(
                    PUSH_PROMISE,
                    END_HEADERS,
                    id,
                    number(2) + lines(":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"))),
    AN_ANSWER_ON_A_STREAM_OF_ITS_OWN(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> ok(2, "a", "b")),
    AN_ANSWER_BEFORE_THE_QUESTION(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> ok(id + 100, "a", "b")),
    HEADERS_OF_NO_STREAM(CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> ok(0, "a", "b")),
    A_BODY_OF_NO_STREAM(CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> data(0, "ok")),
    A_RESET_OF_NO_STREAM(CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> reset(0, 8)),
    SETTINGS_OF_A_STREAM(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> frame(SETTINGS, 0, id, "")),
    A_FRAME_LONGER_THAN_AGREED(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> data(id, "x".repeat(16_385))),
    A_RESET_OF_THREE_BYTES(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> frame(RST_STREAM, 0, id, "123")),
    A_PING_OF_SEVEN_BYTES(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> frame(PING, 0, 0, "1234567")),
    A_GOAWAY_OF_FOUR_BYTES(
            CONNECTION, FetchProtocolException.class, HEADERS, MAYBE, (http, id) -> frame(GOAWAY, 0, 0, number(0))),
    A_SETTINGS_ACK_WITH_SETTINGS(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(SETTINGS, ACK, 0, "\0\1\0\0\0\0")),
    A_WINDOW_THAT_GROWS_BY_NOTHING(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(WINDOW_UPDATE, 0, 0, number(0))),
    A_WINDOW_THAT_GROWS_BEYOND_ALL_NUMBERS(
            CONNECTION,
            FetchProtocolException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
    PINGS_AND_NO_ANSWER(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            (http, id) -> frame(PING, 0, 0, "12345678").repeat(2_000),
            "headersTimeout"),
    SETTINGS_AND_NO_ANSWER(
            STREAM,
            FetchTimeoutException.class,
            HEADERS,
            MAYBE,
            (http, id) -> settings().repeat(2_000),
            "headersTimeout"),

    // ---- within the body ----
    CUT_OFF_AFTER_THE_HEAD(CONNECTION, FetchDisconnectedException.class, BODY, YES, (http, id) -> {
        http.send(ok(id, "content-length", "10"));
        return close(http);
    }),
    HALF_CLOSED_WITHIN_THE_BODY(CONNECTION, FetchDisconnectedException.class, BODY, YES, (http, id) -> {
        http.send(ok(id) + data(id, "123"));
        return half(http);
    }),
    GIVEN_UP_AND_CLOSED_WITHIN_THE_BODY(CONNECTION, FetchDisconnectedException.class, BODY, YES, (http, id) -> {
        http.send(ok(id) + data(id, "123") + goAway(id, 0));
        return close(http);
    }),
    GIVEN_UP_BEFORE_OURS_THAT_IS_ANSWERED(
            CONNECTION,
            FetchDisconnectedException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "123") + goAway(id - 2, 0)),
    RESET_WITHIN_THE_BODY(
            STREAM, FetchDisconnectedException.class, BODY, YES, (http, id) -> ok(id) + data(id, "123") + reset(id, 2)),
    RESET_WITHOUT_AN_ERROR_WITHIN_THE_BODY(
            STREAM, FetchDisconnectedException.class, BODY, YES, (http, id) -> ok(id) + data(id, "123") + reset(id, 0)),
    REFUSED_WITHIN_THE_BODY(
            STREAM, FetchDisconnectedException.class, BODY, YES, (http, id) -> ok(id) + data(id, "123") + reset(id, 7)),
    FEWER_BYTES_THAN_THE_LENGTH(
            STREAM,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-length", "10") + end(id, "123456789")),
    MORE_BYTES_THAN_THE_LENGTH(
            STREAM,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-length", "1") + end(id, "123456789")),
    A_LENGTH_AND_NO_BODY(
            STREAM,
            FetchProtocolException.class,
            EnumSet.of(HEADERS, BODY),
            YES,
            (http, id) -> head(END_HEADERS | END_STREAM, id, lines(":status", "200", "content-length", "10"))),
    A_LENGTH_BEYOND_THE_LIMIT(
            STREAM,
            FetchLimitException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-length", "1001"),
            "maxBodyBytes"),
    A_BODY_WITHOUT_END(
            STREAM,
            FetchLimitException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "x".repeat(200)).repeat(50),
            "maxBodyBytes"),
    A_BODY_OF_NOTHING_WITHOUT_END(
            CONNECTION,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "").repeat(50)),
    THE_BODY_STALLS(
            STREAM, FetchTimeoutException.class, BODY, YES, (http, id) -> ok(id) + data(id, "12345"), "readTimeout"),
    THE_BODY_TRICKLES(
            STREAM,
            FetchTimeoutException.class,
            BODY,
            YES,
            (http, id) -> trickle(http, ok(id), data(id, "x")),
            "totalTimeout"),
    PADDING_LONGER_THAN_ITS_FRAME(
            CONNECTION,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + frame(DATA, PADDED, id, "\u00ff12345")),
    A_HEADER_OF_THE_PROTOCOLS_OWN_AFTER_THE_BODY(
            STREAM,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "ok") + head(END_HEADERS | END_STREAM, id, lines(":status", "404"))),
    A_SECOND_HEAD_WITHIN_THE_BODY(
            STREAM, FetchProtocolException.class, BODY, YES, (http, id) -> ok(id) + data(id, "123") + ok(id)),
    TRAILERS_THAT_ARE_TOO_LONG(
            STREAM,
            FetchLimitException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "ok") + head(END_HEADERS | END_STREAM, id, lines("a", "x".repeat(2100))),
            "maxHeaderBytes"),
    A_WINDOW_OF_THE_STREAM_THAT_GROWS_BY_NOTHING(
            STREAM,
            FetchProtocolException.class,
            BODY,
            YES,
            (http, id) -> ok(id) + data(id, "123") + frame(WINDOW_UPDATE, 0, id, number(0))),
    WHAT_IS_NOT_GZIP(
            STREAM,
            FetchContentException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-encoding", "gzip") + end(id, "it is not gzip"),
            "MALFORMED"),
    HALF_A_GZIP(
            STREAM,
            FetchContentException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-encoding", "gzip") + end(id, Fault.half(Fault.gzip("content ".repeat(20)))),
            "TRUNCATED"),
    A_BOMB(
            STREAM,
            FetchLimitException.class,
            BODY,
            YES,
            (http, id) -> ok(id, "content-encoding", "gzip") + end(id, Fault.gzip("x".repeat(1 << 20))),
            "maxBodyBytes"),
    A_REDIRECT_TO_ITSELF(
            STREAM,
            FetchRedirectException.class,
            BODY,
            YES,
            (http, id) -> headers(id, ":status", "302", "location", http.path()) + end(id, ""),
            "LOOP"),

    // ---- while the request's body is sent ----
    CLOSED_WHILE_SENDING(
            CONNECTION, FetchDisconnectedException.class, EnumSet.of(SEND, HEADERS), MAYBE, (http, id) -> close(http)),
    RESET_WHILE_SENDING(
            CONNECTION, FetchDisconnectedException.class, EnumSet.of(SEND, HEADERS), MAYBE, (http, id) -> cut(http)),
    THE_STREAM_RESET_WHILE_SENDING(STREAM, FetchDisconnectedException.class, SEND, MAYBE, (http, id) -> reset(id, 2)),
    GIVEN_UP_WHILE_SENDING(
            CONNECTION, FetchDisconnectedException.class, EnumSet.of(SEND, HEADERS), MAYBE, (http, id) -> {
                http.send(goAway(id, 0));
                return close(http);
            }),
    NO_WINDOW_WHILE_SENDING(STREAM, FetchTimeoutException.class, SEND, MAYBE, (http, id) -> "", "totalTimeout"),
    THE_WINDOW_TAKEN_WHILE_SENDING(
            STREAM, FetchTimeoutException.class, SEND, MAYBE, (http, id) -> settings(4, 0), "totalTimeout"),
    THE_WINDOW_GROWS_BEYOND_ALL_NUMBERS_WHILE_SENDING(
            STREAM,
            FetchProtocolException.class,
            SEND,
            YES,
            (http, id) -> frame(WINDOW_UPDATE, 0, id, number(Integer.MAX_VALUE))),
    HALF_AN_ANSWER_WHILE_SENDING(
            STREAM,
            FetchDisconnectedException.class,
            BODY,
            YES,
            (http, id) -> headers(id, ":status", "413") + data(id, "no") + reset(id, 0));

    /** What a fault may end. */
    enum Ends {
        STREAM,
        CONNECTION
    }

    /** What is said to a request; what is said by hand, in the course of it, is not in it. */
    private interface Says {
        String to(RawHttp2 http, int stream) throws IOException;
    }

    final FaultMatrix.Expected expected;
    /** The most that is lost: a stream's fault leaves its connection to the next request. */
    final Ends ends;

    private final FaultServer.Script script;

    Http2Fault(Ends ends, FaultMatrix.Expected expected, FaultServer.Script script) {
        this.ends = ends;
        this.expected = expected;
        this.script = script;
    }

    Http2Fault(FaultMatrix.Expected expected, FaultServer.Script script) {
        this(CONNECTION, expected, script);
    }

    Http2Fault(
            Ends ends,
            Class<? extends FetchException> type,
            Set<FetchPhase> phases,
            Sent sent,
            Says says,
            String... named) {
        this(
                ends,
                new FaultMatrix.Expected(Set.of(type), phases, EnumSet.of(sent), Set.of(named)),
                RawHttp2.answering((http, stream) -> http.send(says.to(http, stream))));
    }

    Http2Fault(
            Ends ends, Class<? extends FetchException> type, FetchPhase phase, Sent sent, Says says, String... named) {
        this(ends, type, EnumSet.of(phase), sent, says, named);
    }

    FaultServer.Script script() {
        return script;
    }

    boolean whileSending() {
        return name().endsWith("_WHILE_SENDING");
    }

    /** With that time short which is to run out. */
    FetchClientBuilder shorten(FetchClientBuilder builder) {
        Duration soon = Duration.ofMillis(100);
        if (expected.named().contains("connectTimeout")) {
            return builder.connectTimeout(soon).tlsTimeout(soon.multipliedBy(3));
        }
        return switch (expected.named().stream().findAny().orElse("")) {
            case "headersTimeout" -> builder.headersTimeout(soon);
            case "readTimeout" -> builder.readTimeout(soon);
            // Long enough to come as far as the fault, on a slow machine too.
            case "totalTimeout" -> builder.totalTimeout(soon.multipliedBy(5));
            default -> builder;
        };
    }

    private static FaultMatrix.Expected unsent(Set<Class<? extends FetchException>> types) {
        return new FaultMatrix.Expected(types, EnumSet.of(CONNECT, TLS, SEND, HEADERS), EnumSet.of(NO), Set.of());
    }

    private static FaultMatrix.Expected late(String... settings) {
        return new FaultMatrix.Expected(
                Set.of(FetchTimeoutException.class), EnumSet.of(CONNECT, TLS), EnumSet.of(NO), Set.of(settings));
    }

    private static FaultServer.Script first(String bytes) {
        return peer -> {
            peer.take(1);
            peer.send(bytes);
            peer.hold();
        };
    }

    private static String close(RawHttp2 http) throws IOException {
        http.peer.close();
        return "";
    }

    private static String cut(RawHttp2 http) throws IOException {
        http.peer.reset();
        return "";
    }

    private static String half(RawHttp2 http) throws IOException {
        http.peer.halfClose();
        return hold(http);
    }

    private static String hold(RawHttp2 http) throws IOException {
        http.peer.hold();
        return "";
    }

    /** Until the client gives the stream up. */
    private static String trickle(RawHttp2 http, String first, String then) throws IOException {
        http.send(first);
        while (true) {
            http.send(then);
            while (!http.peer.isSilentFor(20)) {
                if (http.read().type() == RST_STREAM) {
                    return "";
                }
            }
        }
    }

    private static String flood(RawHttp2 http, String first, String then) throws IOException {
        http.send(first);
        String much = then.repeat(64);
        while (true) {
            http.send(much);
        }
    }
}
