package io.weir.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The process that {@link KillTest} kills: replaces a file, appends to a second and to a log, all without end, and says on its
 * output what it was told to be done.
 */
final class Victim {
    static final String REPLACED = "replaced";
    static final String APPENDED = "appended";
    static final String LOGGED = "logged";
    private static final int RECORDS_AT_ONCE = 64;

    private Victim() {}

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        WriteOptions appendForced = WriteOptions.append().withSync(SyncPolicy.atEnd());
        Mono<?> replaces = Flux.range(0, Integer.MAX_VALUE)
                .concatMap(i -> AsyncFiles.writeAtomically(folder.resolve(REPLACED), content(i))
                        .doOnNext(bytes -> say(out, REPLACED + " " + i + " 0")))
                .then();
        Mono<?> appends = Flux.range(0, Integer.MAX_VALUE)
                .concatMap(i -> AsyncFiles.writeLines(folder.resolve(APPENDED), Flux.just(record(i)), appendForced)
                        .doOnNext(bytes -> say(out, APPENDED + " " + i + " 0")))
                .then();
        Mono<?> logs = AppendLog.using(
                folder.resolve(LOGGED),
                log -> Flux.range(0, Integer.MAX_VALUE)
                        .flatMap(
                                i -> log.append((record(i) + "\n").getBytes(UTF_8))
                                        .doOnNext(offset -> say(out, LOGGED + " " + i + " " + offset)),
                                RECORDS_AT_ONCE)
                        .then());
        Mono.when(replaces, appends, logs).block();
    }

    /** Ends in what it begins with, so that a part of it is seen to be one; as long as it takes to be written in pieces. */
    static String content(int i) {
        return i + "\n" + ("abcdefghi" + i % 10).repeat(30_000) + "\n" + i;
    }

    /** Of a length that its number tells. */
    static String record(int i) {
        return i + "-".repeat(i * 31 % 700) + i;
    }

    /** One call to the system for a line: a kill does not tear it. */
    private static synchronized void say(FileOutputStream out, String line) {
        try {
            out.write((line + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
