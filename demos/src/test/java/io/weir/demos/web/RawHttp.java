package io.weir.demos.web;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A reader of HTTP that shares no code with the server: one blocking socket for each request. */
final class RawHttp {
    private static final int TIMEOUT_MILLIS = 20_000;

    private RawHttp() {}

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Response(int status, Map<String, String> headers, byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    static Response get(TestWeb web, URI uri) throws IOException {
        return request(web, "GET", uri);
    }

    static Response request(TestWeb web, String method, URI uri) throws IOException {
        InetAddress address = web.resolve(uri.getHost());
        if (address == null) {
            throw new IOException("no such host: " + uri);
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return request(address, uri.getPort(), uri.getRawAuthority(), method, uri.getRawPath() + query);
    }

    /**
     * Sends one request and reads until the server closes.
     *
     * @throws EOFException if it closes before the end of what it promised
     */
    static Response request(InetAddress address, int port, String host, String method, String target)
            throws IOException {
        try (Socket socket = new Socket(address, port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String head = method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return read(socket.getInputStream(), method);
        }
    }

    private static Response read(InputStream in, String method) throws IOException {
        String[] status = line(in).split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        byte[] body = in.readAllBytes();
        int promised = Integer.parseInt(headers.getOrDefault("content-length", "-1"));
        if (!method.equals("HEAD") && body.length != promised) {
            throw new EOFException(body.length + " bytes of " + promised);
        }
        return new Response(Integer.parseInt(status[1]), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("in the head");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
