package io.weir.http;

import io.netty.pkitesting.X509Bundle;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server that says exactly the bytes a script tells it to, and breaks off how and when it wants. A thread for each peer. */
final class FaultServer implements AutoCloseable {
    /** What to do with one connection; it is closed when this returns. */
    interface Script {
        void serve(Peer peer) throws IOException;
    }

    private static final int SILENCE_MILLIS = 50;
    private static final int MOST_READ_AT_THE_END = 64 << 10;

    private final ServerSocket server;
    private final Script script;
    private final @Nullable SSLContext tls;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    FaultServer(Script script) {
        this(script, loopback());
    }

    FaultServer(Script script, InetAddress at) {
        this(script, at, null);
    }

    /** @param tls what to speak over TLS with; null to speak without */
    FaultServer(Script script, InetAddress at, @Nullable SSLContext tls) {
        this.script = script;
        this.tls = tls;
        try {
            server = tls == null
                    ? new ServerSocket()
                    : tls.getServerSocketFactory().createServerSocket();
            server.bind(new InetSocketAddress(at, 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("fault-server", this::accept);
    }

    /** Over TLS, where it offers HTTP/2 and nothing else. */
    static FaultServer http2OverTls(Script script, X509Bundle certificate) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return new FaultServer(script, loopback(), context);
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port() + path;
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
            if (socket instanceof SSLSocket secure) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setApplicationProtocols(new String[] {"h2"});
                secure.setSSLParameters(parameters);
            }
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
        private String body = "";

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            socket.setTcpNoDelay(true);
        }

        /** Reads head and body of a request; false at the end. */
        boolean readRequest() throws IOException {
            return readHead() && readRest();
        }

        /** Reads the head of a request, and leaves its body unread; false at the end. */
        boolean readHead() throws IOException {
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
            last = head.toString(StandardCharsets.ISO_8859_1);
            return true;
        }

        int port() {
            return socket.getLocalPort();
        }

        /** Reads the body that the head tells of; false where it is cut short. */
        boolean readRest() throws IOException {
            String head = last.toLowerCase(Locale.ROOT);
            byte[] read = new byte[0];
            int at = head.indexOf("content-length:");
            if (at >= 0) {
                int length = Integer.parseInt(
                        head.substring(at + 15, head.indexOf("\r\n", at)).strip());
                read = in.readNBytes(length);
                if (read.length < length) {
                    return false;
                }
            } else if (head.contains("transfer-encoding: chunked")) {
                ByteArrayOutputStream chunks = new ByteArrayOutputStream();
                int length;
                do {
                    String line = line();
                    if (line.isEmpty()) {
                        return false;
                    }
                    length = Integer.parseInt(line, 16);
                    chunks.write(in.readNBytes(length));
                    line();
                } while (length > 0);
                read = chunks.toByteArray();
            }
            body = new String(read, StandardCharsets.ISO_8859_1);
            requests.add(last + body);
            return true;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.append((char) b);
            }
            return line.toString().strip();
        }

        /** The body of the last request. */
        String body() {
            return body;
        }

        /** The request line's target of the last request. */
        String path() {
            return last.split(" ", 3)[1];
        }

        void send(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Takes so many bytes, of whatever they are; fewer at the end. */
        byte[] take(int bytes) throws IOException {
            return in.readNBytes(bytes);
        }

        /** Whether the client says nothing for so long. */
        boolean isSilentFor(int millis) throws IOException {
            in.mark(1);
            socket.setSoTimeout(millis);
            try {
                if (in.read() < 0) {
                    throw new EOFException();
                }
                in.reset();
                return false;
            } catch (SocketTimeoutException e) {
                return true;
            } finally {
                socket.setSoTimeout(0);
            }
        }

        /**
         * Ends the connection with a FIN. What the other side has sent meanwhile, such as its acknowledgements, is read first: the system would
         * answer it with a RST, and that may overtake what was sent before.
         */
        void close() throws IOException {
            if (!(socket instanceof SSLSocket)) {
                socket.shutdownOutput();
                socket.setSoTimeout(SILENCE_MILLIS);
                try {
                    socket.getInputStream().readNBytes(MOST_READ_AT_THE_END);
                } catch (SocketTimeoutException e) {
                    // It says no more.
                }
            }
            socket.close();
        }

        /** Ends its own side of the connection, and goes on listening. */
        void halfClose() throws IOException {
            socket.shutdownOutput();
        }

        /** Ends the connection with a RST, so that what is under way is lost. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Neither reads nor says anything until the server is closed. */
        void sleep() {
            while (!server.isClosed()) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        /** Says nothing until the client goes away. */
        void hold() throws IOException {
            while (in.read() >= 0) {
                // Not of interest.
            }
        }
    }
}
