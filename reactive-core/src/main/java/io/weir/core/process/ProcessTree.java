package io.weir.core.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A process and all that it has started, as far as that can be found. By one thread at a time.
 *
 * <p>The system tells the children of a process as long as that lives. When it has exited they are init's, and nothing leads to them any more. So a
 * process is started with a mark in its environment, which its descendants inherit; on Linux it can be read in {@code /proc}. Only processes with a
 * number above this one's are looked at: they are the younger ones, unless the numbers have wrapped around since.
 */
final class ProcessTree {
    /** The variable that holds the mark. */
    static final String MARK = "WEIR_PROCESS";

    private static final Path PROC = Path.of("/proc");
    private static final int MOST_ORPHANS_ASKED = 16; // each question reads the whole table of processes
    private static final String MARK_OF_JVM =
            ProcessHandle.current().pid() + "-" + Long.toHexString(System.currentTimeMillis()) + "-";
    private static final AtomicLong MARKS = new AtomicLong();

    private final ProcessHandle root;
    private final String marked;
    private final Set<ProcessHandle> members = new HashSet<>();
    private final Set<ProcessHandle> told = new HashSet<>();

    /** Whether the last look met a process that shows no environment: one that is becoming another program has none for a moment. */
    private boolean unsure;

    ProcessTree(ProcessHandle root, String mark) {
        this.root = root;
        this.marked = "\0" + MARK + "=" + mark + "\0";
        members.add(root);
    }

    static String newMark() {
        return MARK_OF_JVM + MARKS.incrementAndGet();
    }

    /** Looks for what has been started since. */
    void find() {
        unsure = false;
        if (root.isAlive()) {
            root.descendants().forEach(members::add);
        } else {
            members.stream()
                    .filter(ProcessTree::isRunning)
                    .limit(MOST_ORPHANS_ASKED)
                    .flatMap(ProcessHandle::descendants)
                    .toList()
                    .forEach(members::add);
        }
        findMarked();
    }

    private void findMarked() {
        long least = hasWrapped() ? 0 : root.pid();
        long self = ProcessHandle.current().pid();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path each : all) {
                long pid = Long.parseLong(each.getFileName().toString());
                if (pid > least && pid != self && isMarked(each)) {
                    ProcessHandle.of(pid).ifPresent(members::add);
                }
            }
        } catch (IOException | RuntimeException e) {
            // not Linux, or not to be seen: there is what the system told
        }
    }

    /** The last number that was given out is the fifth word of this file. */
    private boolean hasWrapped() {
        try {
            String[] words = Files.readString(PROC.resolve("loadavg")).strip().split(" ");
            return Long.parseLong(words[words.length - 1]) < root.pid();
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private boolean isMarked(Path process) {
        try {
            byte[] environment = Files.readAllBytes(process.resolve("environ"));
            if (environment.length == 0) {
                Files.readSymbolicLink(process.resolve("exe")); // which a thread of the kernel has not
                unsure = true;
            }
            return ("\0" + new String(environment, StandardCharsets.ISO_8859_1)).contains(marked);
        } catch (IOException e) {
            return false; // somebody else's, or gone
        }
    }

    /** Asks those to end who have not been asked yet. */
    void terminate() {
        tell(ProcessHandle::destroy);
    }

    /** Ends all of them. */
    void kill() {
        told.clear();
        tell(ProcessHandle::destroyForcibly);
    }

    /** Ends those that have been found since. */
    void killNew() {
        tell(ProcessHandle::destroyForcibly);
    }

    /** The parent first, so that it starts no other in place of a child. */
    private void tell(Consumer<ProcessHandle> signal) {
        if (told.add(root)) {
            signal.accept(root);
        }
        members.stream().filter(told::add).forEach(signal);
    }

    boolean isUnsure() {
        return unsure;
    }

    boolean isGone() {
        return members.stream().noneMatch(ProcessTree::isRunning);
    }

    /** A zombie runs no more: it only waits for a parent to ask how it ended, which may never come. */
    private static boolean isRunning(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X';
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
