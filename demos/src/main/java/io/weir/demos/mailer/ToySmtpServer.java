package io.weir.demos.mailer;

import io.netty.handler.codec.LineBasedFrameDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.tcp.TcpServer;

/**
 * As much of SMTP as the demo needs: takes every message, but refuses {@code nobody@…} for good, and {@code later@…} the first time. A
 * dialogue is served on one thread.
 */
final class ToySmtpServer {
    private static final int LONGEST_LINE = 4096;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final Set<String> askedToComeLater = ConcurrentHashMap.newKeySet();

    /** Emits it when it listens. */
    Mono<? extends DisposableServer> start() {
        return TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> connection.addHandlerLast(new LineBasedFrameDecoder(LONGEST_LINE)))
                .handle(this::talk)
                .bind();
    }

    /** The recipients of each message it took, in the order of the mail. */
    List<String> taken() {
        return List.copyOf(taken);
    }

    private NettyOutbound talk(NettyInbound in, NettyOutbound out) {
        Dialogue dialogue = new Dialogue();
        return out.sendString(Mono.just("220 toy\r\n"))
                .then(in.receive()
                        .asString(StandardCharsets.UTF_8)
                        .map(dialogue::answer)
                        .takeUntil(answer -> answer.startsWith("221"))
                        .filter(answer -> !answer.isEmpty())
                        .concatMap(answer ->
                                out.sendString(Mono.just(answer + "\r\n")).then()));
    }

    private final class Dialogue {
        private final List<String> recipients = new ArrayList<>();
        private boolean inMessage;

        /** What to say to a line; nothing within a message. */
        String answer(String line) {
            if (inMessage) {
                inMessage = !line.equals(".");
                return inMessage ? "" : take();
            }
            String command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            return switch (command) {
                case "EHLO", "HELO", "MAIL", "RSET", "NOOP" -> "250 fine";
                case "RCPT" -> recipient(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
                case "DATA" -> {
                    inMessage = true;
                    yield "354 go on";
                }
                case "QUIT" -> "221 bye";
                default -> "502 what?";
            };
        }

        private String recipient(String address) {
            if (address.startsWith("nobody@")) {
                return "550 no such user";
            }
            if (address.startsWith("later@") && askedToComeLater.add(address)) {
                return "451 come again later";
            }
            recipients.add(address);
            return "250 fine";
        }

        private String take() {
            taken.add(String.join(", ", recipients));
            recipients.clear();
            return "250 taken";
        }
    }
}
