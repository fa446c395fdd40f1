package io.weir.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * What everybody fetches from: a process of its own, one event loop, {@code /small} 256 bytes and {@code /large} a gibibyte. It
 * prints its port, and ends when its input does. It listens on all addresses, as each of 127/8 is a host to the bulk.
 */
public final class FetchServer {
    private static final byte[] SMALL = "0123456789abcdef".repeat(16).getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 64 << 10;
    private static final int CHUNKS = 16 << 10;

    private FetchServer() {}

    /**
     * Serves until the input ends.
     *
     * @param arguments none
     * @throws IOException if the input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        ByteBuf chunk = Unpooled.unreleasableBuffer(Unpooled.directBuffer(CHUNK).writeZero(CHUNK));
        DisposableServer server = HttpServer.create()
                .host("0.0.0.0")
                .port(0)
                .runOn(LoopResources.create("server", 1, true))
                .route(routes -> routes.get(
                                "/small",
                                (in, out) -> out.header("Content-Length", String.valueOf(SMALL.length))
                                        .sendObject(Unpooled.wrappedBuffer(SMALL)))
                        .get(
                                "/large",
                                (in, out) -> out.header("Content-Length", String.valueOf((long) CHUNK * CHUNKS))
                                        .send(Flux.range(0, CHUNKS).map(i -> chunk.duplicate()))))
                .bindNow();
        System.out.println(server.port());
        while (System.in.read() >= 0) {
            // Until whoever started it goes.
        }
        server.disposeNow();
    }

    /** One for a benchmark's fork. */
    record Started(Process process, int port) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
        }
    }

    static Started start() {
        try {
            Process process = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/java",
                            "-Xmx512m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FetchServer.class.getName())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String port = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return new Started(process, Integer.parseInt(port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
