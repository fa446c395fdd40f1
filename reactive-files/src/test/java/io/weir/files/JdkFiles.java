package io.weir.files;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.stream.Stream;

/** The model: what {@link PathModelTest} does, with the JDK. Where we mean to differ from it, it is said here. */
final class JdkFiles {
    private JdkFiles() {}

    static Object run(int kind, Path one, Path two, String content) throws IOException {
        switch (kind) {
            case 0, 1 -> {
                Files.writeString(one, content);
                return (long) content.length();
            }
            case 2 -> {
                Files.writeString(one, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                return (long) content.length();
            }
            case 3 -> {
                Files.writeString(one, content, StandardOpenOption.CREATE_NEW);
                return (long) content.length();
            }
            case 4, 5 -> {
                return createFolders(one);
            }
            case 6 -> {
                Files.delete(one);
                return "done";
            }
            case 7 -> {
                return copy(one, two);
            }
            case 8 -> {
                return copy(one, two, StandardCopyOption.REPLACE_EXISTING);
            }
            case 9 -> {
                Files.move(one, two);
                return "done";
            }
            case 10 -> {
                return moveReplacing(one, two);
            }
            case 11 -> {
                Files.createSymbolicLink(one, two.getFileName());
                return "done";
            }
            case 12 -> {
                Files.createLink(one, two);
                return "done";
            }
            case 13 -> {
                return Files.readSymbolicLink(one).toString();
            }
            case 14 -> {
                return Files.readString(one);
            }
            default -> {
                return stat(Files.readAttributes(one, BasicFileAttributes.class));
            }
        }
    }

    /** JDK 17 takes no link to a folder for one, later JDKs and we do; and a file on the way is no file that exists already. */
    private static Object createFolders(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return "done";
        }
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw new FileSystemException(path.toString(), null, "a file is where a folder is needed");
        }
        return "done";
    }

    /** Ours copies files only, and puts none in the place of a folder. */
    private static Object copy(Path one, Path two, CopyOption... options) throws IOException {
        BasicFileAttributes source = Files.readAttributes(one, BasicFileAttributes.class);
        if (source.isDirectory()) {
            throw new FileSystemException(one.toString(), null, "is a directory");
        }
        BasicFileAttributes there = Placement.attributesIfAny(two);
        if (there != null && Placement.isSame(source, there)) {
            return 0L;
        }
        refuseFolder(two, options.length > 0);
        if (options.length > 0 && Files.isSymbolicLink(two)) {
            // The JDK deletes the link first, and with it the source where that is reached through it.
            Path beside = Files.copy(one, two.resolveSibling("beside"));
            Files.move(beside, two, options);
        } else {
            Files.copy(one, two, options);
        }
        return Files.size(two);
    }

    /** A rename, as ours is: not a deletion first, which would put a file in the place of an empty folder, and the reverse. */
    private static Object moveReplacing(Path one, Path two) throws IOException {
        Files.readAttributes(one, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS); // told first, of two mistakes
        Files.move(one, two, StandardCopyOption.ATOMIC_MOVE);
        return "done";
    }

    private static void refuseFolder(Path two, boolean replacing) throws IOException {
        if (replacing && Files.isDirectory(two, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(two.toString(), null, "a file does not replace a folder");
        }
    }

    static String stat(BasicFileAttributes attributes) {
        return attributes.isRegularFile()
                ? "file " + attributes.size()
                : attributes.isDirectory() ? "folder" : attributes.isSymbolicLink() ? "link" : "other";
    }

    static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
