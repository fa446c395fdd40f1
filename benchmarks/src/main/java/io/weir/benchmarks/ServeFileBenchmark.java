package io.weir.benchmarks;

import io.weir.files.AsyncFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A file served by Reactor Netty to one client, which throws it away: Weir's buffers, and {@code sendFile}, with which the bytes
 * never leave the kernel. The score is for the whole file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = {"-Xmx1g", "-XX:+UseParallelGC"})
public class ServeFileBenchmark {
    private static final int CLIENT_BUFFER = 256 << 10;

    /** How large the file is. */
    @Param("1024")
    public int megabytes = 1024;

    private Path file = Path.of("");
    private DisposableServer server = HttpServer.create().port(0).host("127.0.0.1").bindNow();

    @Setup(Level.Trial)
    public void serve() throws IOException {
        server.disposeNow();
        file = Files.createTempFile("weir-served", "");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                content.write(megabyte);
            }
        }
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.get("/weir", (request, response) -> response.send(AsyncFiles.read(file)))
                        .get("/sendfile", (request, response) -> response.sendFile(file)))
                .bindNow();
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        server.disposeNow();
        Files.delete(file);
    }

    @Benchmark
    public long weir() throws IOException {
        return get("/weir");
    }

    @Benchmark
    public long sendFile() throws IOException {
        return get("/sendfile");
    }

    private long get(String path) throws IOException {
        long sum = 0;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[CLIENT_BUFFER];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                sum += read;
            }
        }
        if (sum < (long) megabytes << 20) {
            throw new IOException("only " + sum + " bytes");
        }
        return sum;
    }
}
