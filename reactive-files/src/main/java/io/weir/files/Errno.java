package io.weir.files;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What the kernel answers when it refuses: its negative numbers, as the exceptions that the JDK makes of them. */
final class Errno {
    static final int NOT_FOUND = -2;
    static final int INTERRUPTED = -4;
    static final int DENIED = -13;
    static final int EXISTS = -17;
    static final int IS_A_DIRECTORY = -21;
    static final int INVALID = -22;
    static final int CANCELED = -125;

    private Errno() {}

    static IOException exception(Path path, int result) {
        String file = path.toString();
        return switch (result) {
            case NOT_FOUND -> new NoSuchFileException(file);
            case EXISTS -> new FileAlreadyExistsException(file);
            case DENIED -> new AccessDeniedException(file);
            case IS_A_DIRECTORY -> new Refusal(file, result, "is a directory");
            default -> new Refusal(file, result, text(result));
        };
    }

    /** As the C library words it: behind the colon of "open(..) failed with error(-40): Too many levels of symbolic links". */
    private static String text(int result) {
        String message = String.valueOf(Errors.newIOException("", result).getMessage());
        int colon = message.indexOf(": ");
        return colon < 0 ? message : message.substring(colon + 2);
    }

    /** One without a type of its own, which says all that there is to say: nobody need ask the system for more. */
    static final class Refusal extends FileSystemException {
        private final int result;

        Refusal(String file, int result, String reason) {
            super(file, null, reason);
            this.result = result;
        }

        boolean is(int other) {
            return result == other;
        }
    }
}
