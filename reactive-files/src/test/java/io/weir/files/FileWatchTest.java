package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

/** With what the system tells, in real time. What a look makes of it is in {@link WatchRoundTest}. */
class FileWatchTest {
    private static final WatchOptions OFTEN = WatchOptions.defaults().withInterval(Duration.ofMillis(2));
    private static final String PROBE = "probe";

    private final Path room;
    private final Path folder;
    private final Queue<FileEvent> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();
    private BaseSubscriber<FileEvent> watch = watcher(0);

    FileWatchTest(@TempDir Path room) throws IOException {
        this.room = room;
        this.folder = Files.createDirectory(room.resolve("folder"));
    }

    @AfterEach
    void end() {
        watch.cancel();
    }

    private BaseSubscriber<FileEvent> watcher(long demand) {
        return new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(demand);
            }

            @Override
            protected void hookOnNext(FileEvent event) {
                if (!event.path().endsWith(PROBE)) {
                    events.add(event);
                } else {
                    ends.add(PROBE);
                }
            }

            @Override
            protected void hookOnComplete() {
                ends.add("complete");
            }

            @Override
            protected void hookOnError(Throwable t) {
                ends.add(t.getMessage());
            }
        };
    }

    private void begin(WatchOptions options) {
        begin(options, Long.MAX_VALUE);
    }

    /** Until it is seen to have begun, which takes one of the demand. */
    private void begin(WatchOptions options, long demand) {
        watch = watcher(demand);
        FileWatch.changes(folder, options).subscribe(watch);
        OpenFiles.eventually(() -> {
            touch(folder.resolve(PROBE));
            return ends.contains(PROBE);
        });
    }

    private static void touch(Path path) {
        AsyncFiles.append(path, "x").block();
    }

    private void await(FileEvent.Kind kind, Path path) {
        OpenFiles.eventually(() -> events.stream()
                .anyMatch(event -> event.kind() == kind && event.path().equals(path)));
    }

    @Test
    void tellsWhatHappens() throws IOException {
        begin(OFTEN);
        Path file = folder.resolve("file");
        Files.createFile(file);
        await(FileEvent.Kind.CREATED, file);
        Files.writeString(file, "x");
        await(FileEvent.Kind.CHANGED, file);
        Files.delete(file);
        await(FileEvent.Kind.DELETED, file);
    }

    @Test
    void tellsWhatIsInANewFolderHoweverLateItIsSeen() throws IOException {
        begin(OFTEN.recursive());
        for (int i = 0; i < 50; i++) {
            Path deep = Files.createDirectories(folder.resolve("n" + i + "/m/l"));
            Files.createFile(deep.resolve("file"));
        }
        for (int i = 0; i < 50; i++) {
            await(FileEvent.Kind.CREATED, folder.resolve("n" + i + "/m/l/file"));
        }
    }

    @Test
    void leavesWhatIsInFoldersAloneUnlessItIsTold() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        begin(OFTEN);
        Files.createFile(sub.resolve("file"));
        Files.createFile(folder.resolve("later"));
        await(FileEvent.Kind.CREATED, folder.resolve("later"));
        assertThat(events).noneMatch(event -> event.path().startsWith(sub.resolve("file")));
    }

    @Test
    void endsWithTheFolder() throws IOException {
        begin(OFTEN);
        FileTree.delete(folder).block();
        OpenFiles.eventually(() -> ends.contains("complete"));
        await(FileEvent.Kind.DELETED, folder);
    }

    @Test
    void endsAlsoWhenTheFolderIsMovedAway() throws IOException {
        begin(OFTEN);
        Files.createFile(folder.resolve("file"));
        await(FileEvent.Kind.CREATED, folder.resolve("file"));
        Files.move(folder, room.resolve("other"));
        OpenFiles.eventually(() -> ends.contains("complete"));
        assertThat(events.stream().filter(event -> event.kind() == FileEvent.Kind.DELETED))
                .extracting(FileEvent::path)
                .last()
                .isEqualTo(folder);
    }

    @Test
    void tellsThatItCouldNotKeepUpAndThenWhatIsThere() {
        begin(OFTEN, 1);
        for (int i = 0; i < 1_000; i++) {
            touch(folder.resolve("f" + i));
        }
        watch.requestUnbounded();
        await(FileEvent.Kind.OVERFLOWED, folder);
        await(FileEvent.Kind.CREATED, folder.resolve("f999"));
        OpenFiles.eventually(() -> replay().equals(tree()));
    }

    @Test
    void refusesMoreEntriesThanAllowedAndWhatIsNoFolder() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.createFile(folder.resolve("f" + i));
        }
        StepVerifier.create(FileWatch.changes(folder, OFTEN.withMaxEntries(4)))
                .verifyErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(FileIoException.class)
                        .hasMessageContaining("watch")
                        .hasMessageContaining("maxEntries, 4"));
        StepVerifier.create(FileWatch.changes(folder.resolve("f1"), OFTEN))
                .verifyErrorSatisfies(
                        e -> assertThat(e).isInstanceOf(FileIoException.class).hasMessageContaining("not a folder"));
        StepVerifier.create(FileWatch.changes(folder.resolve("none"), OFTEN)).verifyError(PathNotFoundException.class);
    }

    @Test
    void aCancelGivesTheSystemsWatchBack() {
        long before = watches();
        for (int i = 0; i < 300; i++) {
            FileWatch.changes(folder, OFTEN).subscribe().dispose();
        }
        begin(OFTEN);
        watch.cancel();
        OpenFiles.eventually(() -> watches() <= before);
    }

    private static long watches() {
        return OpenFiles.count("anon_inode:inotify");
    }

    /** Whoever applies the events to what was there has what is there, whatever happens. */
    @Test
    void theEventsAppliedGiveTheTree() throws IOException {
        begin(OFTEN.recursive());
        OpenFiles.eventually(() -> replay().contains(folder.resolve(PROBE)));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 1_500; round++) {
            act(random);
        }
        OpenFiles.eventually(() -> replay().equals(tree()));
        assertThat(replay()).as("seed %d", seed).isEqualTo(tree());
        assertThat(ends).containsOnly(PROBE);
    }

    private void act(Random random) throws IOException {
        List<Path> all = List.copyOf(tree());
        Path some = all.isEmpty() ? folder : all.get(random.nextInt(all.size()));
        Path other = all.isEmpty() ? folder : all.get(random.nextInt(all.size()));
        Path into = Files.isDirectory(other) ? other : other.getParent();
        Path fresh = into.resolve("n" + random.nextInt(30));
        if (some.endsWith(PROBE)) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> {
                if (!Files.exists(fresh) && fresh.getNameCount() < folder.getNameCount() + 6) {
                    Files.createDirectory(fresh);
                }
            }
            case 1, 2 -> {
                if (!Files.isDirectory(fresh)) {
                    Files.writeString(fresh, "x".repeat(random.nextInt(5)));
                }
            }
            case 3 -> {
                if (!Files.exists(fresh) && !fresh.startsWith(some)) {
                    Files.move(some, fresh);
                }
            }
            case 4 -> {
                if (!Files.isDirectory(some) && !Files.isDirectory(fresh)) {
                    Files.move(some, fresh, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            default -> FileTree.delete(some).block();
        }
    }

    private Set<Path> tree() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder)).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<Path> replay() {
        Set<Path> known = new TreeSet<>(Set.of(folder.resolve(PROBE)));
        for (FileEvent event : events) {
            switch (event.kind()) {
                case CREATED ->
                    assertThat(known.add(event.path())).as("%s", event).isTrue();
                case DELETED ->
                    assertThat(known.remove(event.path())).as("%s", event).isTrue();
                case CHANGED -> assertThat(known).as("%s", event).contains(event.path());
                case RENAMED -> rename(known, event);
                case OVERFLOWED -> {}
            }
        }
        return known;
    }

    private static void rename(Set<Path> known, FileEvent event) {
        Path from = event.from();
        List<Path> moved = known.stream().filter(path -> path.startsWith(from)).toList();
        assertThat(moved).as("%s", event).contains(from);
        known.removeAll(moved);
        moved.forEach(path -> known.add(event.path().resolve(from.relativize(path))));
    }
}
