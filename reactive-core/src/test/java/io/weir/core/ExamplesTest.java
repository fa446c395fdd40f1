package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.coroutine.AsyncIterator;
import io.weir.core.coroutine.Coroutine;
import io.weir.core.coroutine.Generators;
import io.weir.core.debug.Diagnostics;
import io.weir.core.debug.DiagnosticsOptions;
import io.weir.core.offload.Offload;
import io.weir.core.process.AsyncProcess;
import io.weir.core.process.Command;
import io.weir.core.process.ProcessException;
import io.weir.core.process.ProcessResult;
import io.weir.core.sync.AsyncBarrier;
import io.weir.core.sync.AsyncCondition;
import io.weir.core.sync.AsyncEvent;
import io.weir.core.sync.AsyncLock;
import io.weir.core.sync.AsyncQueue;
import io.weir.core.sync.AsyncSemaphore;
import io.weir.core.sync.Bracket;
import io.weir.core.sync.RateLimiter;
import io.weir.core.sync.Select;
import io.weir.core.task.Completion;
import io.weir.core.task.Deadline;
import io.weir.core.task.Gather;
import io.weir.core.task.Outcome;
import io.weir.core.task.Periodic;
import io.weir.core.task.Task;
import io.weir.core.task.TaskGroup;
import io.weir.core.task.TaskTree;
import io.weir.testing.Examples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The examples in this module's Javadoc, compiled and run. */
class ExamplesTest {
    @TestFactory
    Stream<DynamicTest> everyExampleInJavadocStandsInATest() {
        return Examples.inJavadocOf(Path.of(""));
    }

    private final Set<Path> indexed = ConcurrentHashMap.newKeySet();

    private Mono<Void> index(Path path) {
        return Mono.fromRunnable(() -> indexed.add(path));
    }

    @Test
    void queue() {
        Flux<Path> files = Flux.range(0, 1000).map(i -> Path.of("file-" + i));

        AsyncQueue<Path> work = AsyncQueue.bounded(100);
        Mono<Void> worker = work.asFlux()
                .concatMap(path -> index(path).doFinally(end -> work.taskDone()))
                .then();
        Mono<Void> all = files.concatMap(work::put).then(work.join()).doFinally(end -> work.close());
        Mono<Void> run = Mono.when(all, worker, worker, worker);

        run.block();
        assertThat(indexed).hasSize(1000);
    }

    private record Request(int number) {}

    private record Reply(int number) {}

    private Mono<Reply> send(Request request) {
        return Mono.fromCallable(() -> new Reply(request.number()));
    }

    @Test
    void semaphore() {
        Flux<Request> requests = Flux.range(0, 10).map(Request::new);

        AsyncSemaphore three = AsyncSemaphore.of(3);
        Flux<Reply> replies = requests.flatMap(request -> three.withPermit(send(request)));

        assertThat(replies.collectList().block()).hasSize(10);
    }

    @Test
    void select() {
        AsyncQueue<Integer> orders = AsyncQueue.bounded(1);
        AsyncQueue<Integer> refunds = AsyncQueue.bounded(1);

        Mono<String> next =
                Select.first(orders.onTake(order -> "order " + order), refunds.onTake(refund -> "refund " + refund));

        refunds.tryPut(7);
        assertThat(next.block()).isEqualTo("refund 7");
    }

    /** One connection, which counts what is asked and knows when it is closed. */
    private static final class Connection {
        final AtomicInteger open = new AtomicInteger(1);

        Mono<Connection> connect() {
            return Mono.just(this);
        }

        Mono<Reply> ask(String what) {
            return Mono.fromCallable(() -> new Reply(what.length() * open.get()));
        }

        Mono<Void> close() {
            return Mono.fromRunnable(open::decrementAndGet);
        }
    }

    @Test
    void bracket() {
        Connection pool = new Connection();

        Mono<Reply> reply = Bracket.using(pool.connect(), connection -> connection.ask("ping"), Connection::close);

        assertThat(reply.block()).isEqualTo(new Reply(4));
        assertThat(pool.open).hasValue(0);
    }

    private int stored;

    private Mono<Integer> load() {
        return Mono.fromSupplier(() -> stored);
    }

    private Mono<Integer> save(int count) {
        return Mono.fromSupplier(() -> stored = count);
    }

    @Test
    void lock() {
        AsyncLock lock = AsyncLock.create();
        Mono<Integer> next = lock.withLock(load().flatMap(count -> save(count + 1)));

        assertThat(next.block()).isEqualTo(1);
        assertThat(next.block()).isEqualTo(2);
    }

    private Mono<Reply> ask() {
        return Mono.just(new Reply(1));
    }

    private Mono<Void> open() {
        return Mono.empty();
    }

    @Test
    void event() {
        AsyncEvent ready = AsyncEvent.create();
        Mono<Reply> reply = ready.await().then(Mono.defer(() -> ask()));
        Mono<Void> start = open().doOnSuccess(end -> ready.set()).then();

        assertThat(Mono.zip(reply, start.thenReturn(true)).block().getT1()).isEqualTo(new Reply(1));
    }

    @Test
    void condition() {
        Queue<String> letters = new ArrayDeque<>();

        AsyncLock lock = AsyncLock.create();
        AsyncCondition changed = AsyncCondition.on(lock);
        Mono<String> take = lock.withLock(
                held -> changed.await(held, () -> !letters.isEmpty()).then(Mono.fromSupplier(letters::remove)));
        Mono<Void> put = lock.withLock(Mono.fromRunnable(() -> {
            letters.add("hello");
            changed.signal();
        }));

        assertThat(Mono.zip(take, put.thenReturn(true)).block().getT1()).isEqualTo("hello");
    }

    private Mono<Integer> compute() {
        return Mono.fromSupplier(() -> ++stored);
    }

    private Mono<Void> store() {
        return Mono.fromRunnable(() -> told.add(stored));
    }

    @Test
    void barrier() {
        AsyncBarrier phase = AsyncBarrier.of(3);
        Mono<Void> worker =
                load().then(phase.await()).then(compute()).then(phase.await()).then(store());
        Mono<Void> all = Mono.when(worker, worker, worker);

        all.block();
        assertThat(told).as("nobody stored before all had computed").containsExactly(3, 3, 3);
    }

    @Test
    void rateLimiter() {
        Request request = new Request(1);
        Flux<Request> requests = Flux.just(request, request);

        RateLimiter tenPerSecond = RateLimiter.of(10, Duration.ofSeconds(1), 3);
        Mono<Reply> limited = tenPerSecond.limit(send(request));
        Flux<Request> paced = requests.delayUntil(each -> tenPerSecond.acquire());

        assertThat(limited.block()).isEqualTo(new Reply(1));
        assertThat(paced.collectList().block()).hasSize(2);
        assertThat(tenPerSecond.tryAcquire()).isFalse();
    }

    private record Page(String url) {}

    private Mono<Page> fetch(String url) {
        return Mono.just(new Page(url));
    }

    @Test
    void gather() {
        List<String> urls = List.of("a", "b");
        List<String> mirrors = List.of("c", "d");

        Mono<List<Page>> all = Gather.failFast(urls.stream().map(this::fetch).toList());
        Mono<List<Outcome<Page>>> each =
                Gather.settled(16, urls.stream().map(this::fetch).toList());
        Mono<Page> fastest =
                Gather.firstSuccess(mirrors.stream().map(this::fetch).toList());
        Flux<Completion<Page>> asTheyCome =
                Gather.asCompleted(16, urls.stream().map(this::fetch).toList());

        assertThat(all.block()).containsExactly(new Page("a"), new Page("b"));
        assertThat(each.block()).hasSize(2);
        assertThat(fastest.block()).isEqualTo(new Page("c"));
        assertThat(asTheyCome.map(Completion::index).collectList().block()).containsExactly(0, 1);
    }

    private record Session(int id) {}

    private Mono<Session> login() {
        return Mono.just(new Session(4)).delayElement(Duration.ofMillis(1));
    }

    private Mono<String> fetch(Session session) {
        return Mono.just("page of " + session.id());
    }

    @Test
    void coroutine() {
        Mono<String> page = Coroutine.async(() -> {
            Session session = Coroutine.await(login());
            return Coroutine.await(fetch(session));
        });

        assertThat(page.block()).isEqualTo("page of 4");
    }

    private record Row(int number) {}

    private record Leaf(int number, List<Row> rows) {
        boolean isLast() {
            return number == 3;
        }
    }

    private Mono<Leaf> firstLeaf() {
        return Mono.just(new Leaf(1, List.of(new Row(10), new Row(11))));
    }

    private Mono<Leaf> turn(Leaf leaf) {
        int next = leaf.number() + 1;
        return leaf.isLast() ? Mono.empty() : Mono.just(new Leaf(next, List.of(new Row(10 * next))));
    }

    private final List<Row> used = new ArrayList<>();

    private void use(Row row) {
        used.add(row);
    }

    @Test
    void generator() {
        Flux<Row> rows = Coroutine.generate(out -> {
            for (Leaf leaf = Coroutine.await(firstLeaf()); leaf != null; leaf = Coroutine.await(turn(leaf))) {
                for (Row row : leaf.rows()) {
                    out.yield(row);
                }
            }
        });
        Flux<Leaf> leaves = Generators.pages(firstLeaf(), leaf -> leaf.isLast() ? Mono.empty() : turn(leaf));

        try (AsyncIterator<Row> all = Coroutine.iterate(rows)) {
            for (Row row : all) {
                use(row);
            }
        }
        assertThat(used).containsExactly(new Row(10), new Row(11), new Row(20), new Row(30));
        assertThat(leaves.map(Leaf::number).collectList().block()).containsExactly(1, 2, 3);
    }

    private record Orders(int count) {}

    private record Stock(int count) {}

    private record Report(Orders orders, Stock stock) {}

    private Mono<Orders> loadOrders() {
        return Mono.just(new Orders(1)).delayElement(Duration.ofMillis(1));
    }

    private Mono<Stock> loadStock() {
        return Mono.just(new Stock(2));
    }

    @Test
    void taskGroup() {
        Mono<Report> report = TaskGroup.using(group -> {
            Task<Orders> orders = group.start("orders", loadOrders());
            Task<Stock> stock = group.start("stock", loadStock());
            return Gather.failFast(orders.join(), stock.join(), Report::new);
        });

        assertThat(report.block()).isEqualTo(new Report(new Orders(1), new Stock(2)));
    }

    private Mono<Integer> lookUp(String user) {
        return Mono.just(user.length());
    }

    private Mono<Reply> ask(int address) {
        return Mono.just(new Reply(address));
    }

    @Test
    void deadline() {
        String user = "ada";

        Mono<Reply> reply = Deadline.within(Duration.ofSeconds(2), lookUp(user).flatMap(this::ask));

        assertThat(reply.block()).isEqualTo(new Reply(3));
    }

    private Mono<Void> refresh() {
        return Mono.error(new IllegalStateException("not yet"));
    }

    @Test
    void periodic() {
        TaskGroup group = TaskGroup.open();
        group.start(
                "refresh",
                Periodic.every(Duration.ofSeconds(30))
                        .jitter(Duration.ofSeconds(3))
                        .reportErrors(error -> log(error))
                        .run(() -> refresh()));

        assertThat(group.size()).isEqualTo(1);
        System.err.println(TaskTree.dump());
        group.cancel("end of the example");
        group.terminated().block();
    }

    private final List<Object> told = new ArrayList<>();

    private void keep(Reply reply) {
        told.add(reply);
    }

    private void log(Throwable error) {
        told.add(error);
    }

    @Test
    void outcome() {
        Throwable lost = new IllegalStateException("lost");
        List<Outcome<Reply>> outcomes =
                List.of(new Outcome.Success<>(new Reply(1)), new Outcome.Failure<>(lost), new Outcome.Empty<>());

        for (Outcome<Reply> outcome : outcomes) {
            if (outcome instanceof Outcome.Success<Reply> success) {
                keep(success.value());
            } else if (outcome instanceof Outcome.Failure<Reply> failure) {
                log(failure.error());
            }
        }

        assertThat(told).containsExactly(new Reply(1), lost);
    }

    private static long countWords(String text) {
        return text.split("\\s+").length;
    }

    @Test
    void offload() throws Exception {
        Process process = new ProcessBuilder("true").start();

        Mono<Long> words = Offload.cpu(() -> countWords("to be or not to be"));
        Mono<Integer> exit = Offload.blocking(process::waitFor);

        assertThat(words.block()).isEqualTo(6);
        assertThat(exit.block()).isZero();
    }

    private record Log(List<String> lines) {
        void warn(String line) {
            lines.add(line);
        }
    }

    @Test
    void diagnostics() {
        Log log = new Log(new ArrayList<>());
        try {
            Diagnostics.enable(); // or -Dweir.debug=true
            Diagnostics.enable(DiagnosticsOptions.defaults()
                    .withAllOperators()
                    .withThreshold(Duration.ofMillis(50))
                    .withListener(report -> log.warn(report.message())));
            assertThat(Diagnostics.isEnabled()).isTrue();
        } finally {
            Diagnostics.disable();
        }
    }

    @Test
    void command() {
        Path repository = Path.of("");

        Command command = Command.of("git", "log", "--oneline")
                .withDirectory(repository)
                .withEnvironment("GIT_PAGER", "cat")
                .withOutputLimit(1 << 20);

        assertThat(command).hasToString("git (2 arguments)");
    }

    @Test
    void process() {
        Mono<String> branch = AsyncProcess.run(Command.of("git", "branch", "--show-current"))
                .map(ProcessResult::requireSuccess)
                .map(result -> result.stdoutText().strip());

        Flux<String> errors = AsyncProcess.usingMany(
                Command.of("journalctl", "--follow"),
                process -> process.stdoutLines().filter(line -> line.contains("error")));

        // Neither program need be there; that they are asked for is enough.
        assertThat(branch.onErrorResume(ProcessException.class, e -> Mono.just("none"))
                        .block())
                .isNotNull();
        Mono<Long> some = errors.onErrorResume(ProcessException.class, e -> Flux.empty())
                .take(Duration.ofMillis(100))
                .count();
        assertThat(TaskGroup.using(group -> some).block()).isNotNull();
    }
}
