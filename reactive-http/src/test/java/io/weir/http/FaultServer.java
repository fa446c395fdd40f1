package io.weir.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says exactly the bytes a script tells it to, and breaks off how and when it wants. A thread for each peer. */
final class FaultServer implements AutoCloseable {
    /** What to do with one connection; it is closed when this returns. */
    interface Script {
        void serve(Peer peer) throws IOException;
    }

    private final ServerSocket server;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    FaultServer(Script script) {
        this.script = script;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("fault-server", this::accept);
    }

    /** Answers every request of a connection with these bytes, and keeps it open. */
    static FaultServer answering(String response) {
        return new FaultServer(peer -> {
            while (peer.readRequest()) {
                peer.send(response);
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    int accepted() {
        return accepted.get();
    }

    int openNow() {
        return open.size();
    }

    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static void start(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.add(socket);
                start("fault-peer", () -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.serve(new Peer(socket));
        } catch (IOException e) {
            // The client has gone, which many tests are about.
        } finally {
            open.remove(socket);
        }
    }

    /** One connection, seen from the server. */
    final class Peer {
        private final Socket socket;
        private final InputStream in;
        private String last = "";

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            socket.setTcpNoDelay(true);
        }

        /** Reads head and body of a request; false at the end. */
        boolean readRequest() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            int matched = 0;
            while (matched < 4) {
                int b = in.read();
                if (b < 0) {
                    return false;
                }
                head.write(b);
                matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            int length = 0;
            for (String line : text.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            last = text + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            requests.add(last);
            return true;
        }

        int port() {
            return socket.getLocalPort();
        }

        /** The request line's target of the last request. */
        String path() {
            return last.split(" ", 3)[1];
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Ends the connection with a RST, so that what is under way is lost. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Says nothing until the client goes away. */
        void hold() throws IOException {
            while (in.read() >= 0) {
                // Not of interest.
            }
        }
    }
}
