package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/**
 * Random operations on two trees, one with {@link AsyncFiles} and one with {@link Files}: the same results, the same kinds of
 * errors, the same trees. {@code -Dweir.files.operations} says how many.
 */
class PathModelTest {
    private static final int OPERATIONS = Integer.getInteger("weir.files.operations", 10_000);
    private static final int OPERATIONS_PER_TREE = 250;
    private static final int LOOK = 10;
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    private final Path folder;
    private final Random random = new Random(42);

    PathModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** What one of them does. */
    private interface Action {
        Object run() throws IOException;
    }

    @Test
    void randomOperationsDoWhatThoseOfTheJdkDo() throws IOException {
        for (int done = 0; done < OPERATIONS; done += OPERATIONS_PER_TREE) {
            Path ours = Files.createDirectory(folder.resolve("ours" + done));
            Path theirs = Files.createDirectory(folder.resolve("theirs" + done));
            for (int i = 0; i < OPERATIONS_PER_TREE; i++) {
                step(ours, theirs, "operation " + (done + i));
                if (i % LOOK == 0) {
                    assertThat(tree(ours)).as("after operation " + (done + i)).isEqualTo(tree(theirs));
                }
            }
            assertThat(tree(ours)).isEqualTo(tree(theirs));
            JdkFiles.delete(ours);
            JdkFiles.delete(theirs);
        }
    }

    private void step(Path ours, Path theirs, String number) {
        Path one = name();
        Path two = name();
        String content = "x".repeat(random.nextInt(3) * 5_000);
        int kind = random.nextInt(16);
        Object expected = outcome(() -> JdkFiles.run(kind, theirs.resolve(one), theirs.resolve(two), content));
        Object actual = outcome(() -> ours(kind, ours.resolve(one), ours.resolve(two), content));
        assertThat(actual).as(number + ": " + kind + " " + one + " " + two).isEqualTo(expected);
    }

    private Path name() {
        Path path = Path.of(NAMES.get(random.nextInt(NAMES.size())));
        while (random.nextInt(3) == 0) {
            path = path.resolve(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path;
    }

    private static Object ours(int kind, Path one, Path two, String content) {
        return switch (kind) {
            case 0, 1 -> value(AsyncFiles.write(one, content));
            case 2 -> value(AsyncFiles.write(one, content, WriteOptions.append()));
            case 3 -> value(AsyncFiles.write(one, content, WriteOptions.createNew()));
            case 4, 5 -> value(AsyncFiles.createFolders(one));
            case 6 -> value(AsyncFiles.delete(one));
            case 7 -> value(AsyncFiles.copy(one, two));
            case 8 -> value(AsyncFiles.copy(one, two, CopyOptions.defaults().replacing()));
            case 9 -> value(AsyncFiles.move(one, two));
            case 10 -> value(AsyncFiles.moveReplacing(one, two));
            case 11 -> value(AsyncFiles.createSymbolicLink(one, two.getFileName()));
            case 12 -> value(AsyncFiles.createLink(one, two));
            case 13 -> value(AsyncFiles.readLink(one)).toString();
            case 14 -> value(AsyncFiles.readString(one));
            default -> JdkFiles.stat(AsyncFiles.stat(one).block());
        };
    }

    private static Object value(Mono<?> mono) {
        Object value = mono.block();
        return value == null ? "done" : value;
    }

    private static Object outcome(Action action) {
        try {
            return action.run();
        } catch (FileException e) {
            return e.getClass().getSimpleName();
        } catch (IOException e) {
            return kind(e);
        }
    }

    private static String kind(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "PathNotFoundException";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "FileExistsException";
        }
        return e instanceof AccessDeniedException ? "FileAccessException" : "FileIoException";
    }

    private static String tree(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.sorted().map(path -> describe(root, path)).collect(Collectors.joining("\n"));
        }
    }

    private static String describe(Path root, Path path) {
        try {
            String name = root.relativize(path).toString();
            if (Files.isSymbolicLink(path)) {
                return name + " -> " + Files.readSymbolicLink(path);
            }
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                    ? name + "/"
                    : name + " " + Files.readString(path).hashCode() + " " + Files.getAttribute(path, "unix:nlink");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
