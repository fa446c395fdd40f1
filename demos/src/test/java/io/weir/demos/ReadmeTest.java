package io.weir.demos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.offload.Offload;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.demos.web.TestWeb;
import io.weir.demos.web.TestWebOptions;
import io.weir.files.AsyncFiles;
import io.weir.http.FetchClient;
import io.weir.http.FetchResponse;
import io.weir.testing.Examples;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The README's examples, compiled and run against a real web. */
class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));

    private static TestWeb web;
    private static FetchClient client;
    private static List<String> urls;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        web = TestWeb.start(TestWebOptions.builder()
                        .hosts(3)
                        .pages(60)
                        .onlyPlainPages()
                        .build())
                .block();
        client = FetchClient.builder().resolve(web::resolve).build();
        urls = web.homes().stream().map(URI::toString).toList();
    }

    @AfterAll
    static void stop() {
        client.close();
        web.close();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleStandsInATest() {
        Path demos = ROOT.resolve("demos");
        return Stream.of(
                        Examples.inMarkdown(ROOT.resolve("README.md"), demos),
                        Examples.inMarkdown(ROOT.resolve("docs/design.md"), demos),
                        Examples.inJavadocOf(demos))
                .flatMap(examples -> examples);
    }

    /** Links to files of this repository; in the table from asyncio each row has one. */
    @Test
    void everyLinkLeadsToAFile() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(Pattern.compile("]\\(([^)#:]+)\\)").matcher(readme).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
        String table = readme.substring(readme.indexOf("## From asyncio"), readme.indexOf("## A short tour"));
        assertThat(table.lines().filter(line -> line.startsWith("| ")).skip(1))
                .hasSizeGreaterThan(30)
                .allMatch(row -> row.endsWith(".java) |"));
    }

    private Mono<Integer> crawl(URI start) {
        return client.fetch(start.toString()).map(FetchResponse::status);
    }

    @Test
    void aWebForAsLongAsItIsUsed() {
        Mono<Integer> crawled =
                Mono.usingWhen(TestWeb.start(TestWebOptions.defaults()), web -> crawl(web.startUri()), TestWeb::stop);

        assertThat(crawled.block()).isEqualTo(200);
    }

    @Test
    void manyPagesAtOnce() {
        List<Mono<FetchResponse>> fetches = urls.stream().map(client::fetch).toList();
        Mono<List<Outcome<FetchResponse>>> pages = Gather.settled(32, fetches);

        assertThat(pages.block()).hasSize(3).allMatch(Outcome::isSuccess);
    }

    private record Orders(int count) {}

    private record Stock(int count) {}

    private record Report(Orders orders, Stock stock) {}

    private Mono<Orders> loadOrders() {
        return Mono.just(new Orders(1));
    }

    private Mono<Stock> loadStock() {
        return Mono.just(new Stock(2));
    }

    @Test
    void tasksInAGroup() {
        Mono<Report> report = TaskGroup.failFast()
                .deadline(Duration.ofSeconds(2))
                .using(group -> {
                    Task<Orders> orders = group.start("orders", loadOrders());
                    Task<Stock> stock = group.start("stock", loadStock());
                    return Gather.failFast(orders.join(), stock.join(), Report::new);
                });

        assertThat(report.block()).isEqualTo(new Report(new Orders(1), new Stock(2)));
    }

    private final Set<String> saved = ConcurrentHashMap.newKeySet();

    private Mono<Void> save(String url) {
        return client.fetch(url).doOnNext(page -> saved.add(url)).then();
    }

    @Test
    void workersOnAQueue() {
        AsyncQueue<String> queue = AsyncQueue.bounded(100);
        Mono<Void> worker = queue.asFlux()
                .concatMap(url -> save(url).doFinally(end -> queue.taskDone()))
                .then();
        Mono<Void> feed =
                Flux.fromIterable(urls).concatMap(queue::put).then(queue.join()).doFinally(end -> queue.close());
        Mono<Void> all = Gather.failFast(List.of(feed, worker, worker, worker)).then();

        all.block();
        assertThat(saved).containsExactlyInAnyOrderElementsOf(urls);
    }

    private static String summarise(String text) {
        return text.substring(0, 10);
    }

    @Test
    void fetchComputeWrite() {
        String url = urls.get(0);
        Path file = folder.resolve("summary");

        Mono<Long> saved = client.fetch(url)
                .map(FetchResponse::requireSuccess)
                .flatMap(page -> Offload.cpu(() -> summarise(page.text())))
                .flatMap(summary -> AsyncFiles.writeAtomically(file, summary));

        assertThat(saved.block()).isEqualTo(10);
        assertThat(file).hasSize(10);
    }
}
