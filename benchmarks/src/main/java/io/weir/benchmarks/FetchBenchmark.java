package io.weir.benchmarks;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClientOptions;
import io.weir.http.FetchClient;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Small GETs, 64 at once over 64 connections, from one server in a process of its own; the score is the time for one. Everybody has
 * one event loop, and the JDK's client the threads it makes for itself.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class FetchBenchmark {
    private static final int REQUESTS = 2000;
    private static final int AT_ONCE = 64;

    private FetchServer.Started server;
    private String url;
    private LoopResources loops;
    private ConnectionProvider connections;
    private FetchClient weir;
    private HttpClient reactorNetty;
    private WebClient spring;
    private java.net.http.HttpClient jdk;
    private HttpRequest jdkRequest;
    private Vertx vertx;
    private io.vertx.ext.web.client.WebClient vertxClient;

    /** Starts the server and makes the clients, which connect when they are used. */
    @Setup(Level.Trial)
    public void start() {
        server = FetchServer.start();
        url = "http://127.0.0.1:" + server.port() + "/small";
        loops = new FetchLoops();
        connections = ConnectionProvider.create("peer", AT_ONCE);
        weir = FetchClient.builder().maxInFlight(AT_ONCE).maxPerHost(AT_ONCE).threads(1).build();
        reactorNetty = HttpClient.create(connections).runOn(loops).option(ChannelOption.TCP_NODELAY, true);
        spring = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(reactorNetty))
                .build();
        jdk = java.net.http.HttpClient.newBuilder().version(Version.HTTP_1_1).build();
        jdkRequest = HttpRequest.newBuilder(URI.create(url)).build();
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
        vertxClient = io.vertx.ext.web.client.WebClient.create(
                vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(AT_ONCE));
    }

    /** Ends the server and the clients. */
    @TearDown(Level.Trial)
    public void stop() {
        weir.close();
        connections.dispose();
        loops.dispose();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        server.close();
    }

    private static Long all(IntFunction<Mono<byte[]>> fetch) {
        return Flux.range(0, REQUESTS)
                .flatMap(fetch::apply, AT_ONCE)
                .collect(() -> new long[1], (sum, bytes) -> sum[0] += bytes.length)
                .map(sum -> sum[0])
                .block();
    }

    /** {@code FetchClient.fetch}, with all that is on by default. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Long weir() {
        return all(i -> weir.fetch(url).map(response -> response.bytes()));
    }

    /** Reactor Netty's {@code HttpClient}. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Long reactorNetty() {
        return all(i -> reactorNetty.get().uri(url).responseSingle((head, body) -> body.asByteArray()));
    }

    /** Spring's {@code WebClient} over it. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Long springWebClient() {
        return all(i -> spring.get().uri(url).retrieve().bodyToMono(byte[].class));
    }

    /** The JDK's {@code HttpClient}. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Long jdkHttpClient() {
        return all(i -> Mono.fromFuture(() -> jdk.sendAsync(jdkRequest, BodyHandlers.ofByteArray()))
                .map(response -> response.body()));
    }

    /** Vert.x's {@code WebClient}. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public Long vertxWebClient() {
        return all(i -> Mono.fromCompletionStage(() -> vertxClient.getAbs(url).send().toCompletionStage())
                .map(response -> response.body().getBytes()));
    }
}
