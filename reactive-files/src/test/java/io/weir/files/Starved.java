package io.weir.files;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The process of {@link StarvedTest}: it has few descriptors, a small disk, or little memory, and says what came of it. */
final class Starved {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    static final long LARGE = 5L << 30;

    private Starved() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "descriptors" -> withoutDescriptors(folder);
            case "space" -> withoutSpace(folder);
            default -> withoutMemory(folder);
        }
        System.exit(0);
    }

    private static void say(String what, Publisher<?> operation) {
        String result;
        try {
            result = String.valueOf(Flux.from(operation).collectList().block(LIMIT));
        } catch (RuntimeException e) {
            result = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        OUT.println(what + ": " + result);
    }

    private static Map<String, Publisher<?>> operations(Path folder) {
        Path file = folder.resolve("file");
        Map<String, Publisher<?>> operations = new LinkedHashMap<>();
        operations.put("read", AsyncFiles.read(file).map(Starved::length));
        operations.put("readString", AsyncFiles.readString(file));
        operations.put("lines", AsyncFiles.lines(file));
        operations.put("write", AsyncFiles.write(folder.resolve("new"), "x"));
        operations.put("writeAtomically", AsyncFiles.writeAtomically(file, "text"));
        operations.put(
                "append",
                AppendLog.using(
                        folder.resolve("log"), log -> log.append(new byte[1]).then()));
        operations.put(
                "copy",
                AsyncFiles.copy(
                        file, folder.resolve("copy"), CopyOptions.defaults().replacing()));
        operations.put("walk", FileTree.walk(folder).count().map(n -> n > 1));
        operations.put("open", AsyncFile.using(file, OpenOptions.read(), AsyncFile::size));
        operations.put("tail", FileTail.lines(file, TailOptions.fromBeginning()).take(Duration.ofMillis(50)));
        operations.put(
                "watch", FileWatch.changes(folder, WatchOptions.defaults()).take(Duration.ofMillis(50)));
        return operations;
    }

    private static int length(ByteBuf buffer) {
        int length = buffer.readableBytes();
        buffer.release();
        return length;
    }

    private static void withoutDescriptors(Path folder) throws IOException {
        Files.writeString(folder.resolve("file"), "text");
        loadAll();
        operations(folder).forEach((name, operation) -> say("before " + name, operation));
        OpenFiles.eventually(() -> OpenFiles.count("anon_inode:inotify") == 0); // a cancelled watch ends some time
        List<FileChannel> hogs = new ArrayList<>();
        operations(folder).forEach((name, operation) -> {
            takeAll(folder.resolve("file"), hogs);
            say("without " + name, operation);
        });
        for (FileChannel hog : hogs) {
            hog.close();
        }
        operations(folder).forEach((name, operation) -> say("after " + name, operation));
    }

    /** What lies in a folder, and not in a jar that is open, takes a descriptor to be loaded. */
    private static void loadAll() throws IOException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path classes = Path.of(entry);
            if (Files.isDirectory(classes)) {
                try (Stream<Path> all = Files.walk(classes)) {
                    all.map(classes::relativize)
                            .map(Path::toString)
                            .filter(name -> name.endsWith(".class") && name.startsWith("io"))
                            .forEach(Starved::load);
                }
            }
        }
    }

    private static void load(String file) {
        String name = file.substring(0, file.length() - ".class".length()).replace(File.separatorChar, '.');
        try {
            Class.forName(name, false, Starved.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // needs what is not here, and so is not needed
        }
    }

    private static void takeAll(Path file, List<FileChannel> hogs) {
        try {
            while (true) {
                hogs.add(FileChannel.open(file));
            }
        } catch (IOException e) {
            OUT.println("hogs: " + e.getMessage());
        }
    }

    private static void withoutSpace(Path folder) throws IOException {
        Path old = folder.resolve("old");
        byte[] tooMuch = new byte[4 << 20];
        Flux<ByteBuf> buffers = Flux.range(0, 64).map(i -> Unpooled.wrappedBuffer(new byte[64 << 10]));
        say("writeAtomically small", AsyncFiles.writeAtomically(old, "old content"));
        say("writeAtomically", AsyncFiles.writeAtomically(old, tooMuch));
        say("writeAtomically buffers", AsyncFiles.writeAtomically(old, buffers));
        say("content", AsyncFiles.readString(old));
        say("copy", AsyncFiles.copy(Path.of(System.getProperty("java.home"), "lib/modules"), folder.resolve("copy")));
        say("names", Mono.fromCallable(() -> names(folder)));
        Path written = folder.resolve("new");
        say("write", AsyncFiles.write(written, tooMuch));
        say("write buffers", AsyncFiles.write(written, buffers));
        say("writeLines", AsyncFiles.writeLines(written, Flux.range(0, 400).map(i -> "x".repeat(10_000))));
        say("handle", AsyncFile.using(written, OpenOptions.readWrite(), file -> file.write(0, new byte[4 << 20])));
        say("append", AppendLog.using(folder.resolve("log"), log -> log.append(tooMuch)));
        say("delete", AsyncFiles.delete(written));
        say("write again", AsyncFiles.write(written, "fits"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static void withoutMemory(Path folder) throws IOException {
        Path file = folder.resolve("large");
        byte[] end = {'e', 'n', 'd', '\n', (byte) 0xFF, '\n'};
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.seek(LARGE);
            large.write(end);
        }
        say("whole", AsyncFiles.readString(file));
        say("lines", AsyncFiles.lines(file));
        say(
                "position",
                AsyncFile.using(
                        file, OpenOptions.read(), open -> open.read(LARGE, 3).map(Starved::length)));
        say("copy", AsyncFiles.copy(file, folder.resolve("copy")));
        say(
                "write",
                AsyncFiles.write(
                        Path.of("/dev/null"),
                        AsyncFiles.read(file, ReadOptions.defaults().withChunkSize(1 << 20))));
        Flux<String> tail = FileTail.lines(file, TailOptions.fromEnd().withInterval(Duration.ofMillis(1)));
        Mono<Void> appends = Mono.delay(Duration.ofMillis(5))
                .then(AsyncFiles.append(file, end))
                .repeat()
                .then();
        say("tail", tail.takeUntilOther(appends).take(1));
        say("tail offset", tail.takeUntilOther(appends));
    }
}
