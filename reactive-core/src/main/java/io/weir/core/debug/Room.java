package io.weir.core.debug;

/** Whose a class is, by its name. */
final class Room {
    private static final String CORE = "io.weir.core.";

    private Room() {}

    /** Weir's libraries: files, http, and what lies in a package below core. */
    static boolean isWeirs(String name) {
        return name.startsWith("io.weir.")
                && (name.startsWith(CORE)
                        ? name.indexOf('.', CORE.length()) > 0
                        : name.startsWith("io.weir.files.") || name.startsWith("io.weir.http."));
    }

    /** What makes publishers: Weir and Reactor, but not this package. */
    static boolean isReactive(String name) {
        return name.startsWith("reactor.") || (isWeirs(name) && !isOurs(name));
    }

    static boolean isOurs(String name) {
        return name.startsWith("io.weir.core.debug.");
    }

    /** Neither Weir's nor Reactor's nor the Java runtime's nor Netty's. */
    static boolean isUsers(String name) {
        return !name.startsWith("reactor.")
                && !name.startsWith("java.")
                && !name.startsWith("jdk.")
                && !name.startsWith("sun.")
                && !name.startsWith("io.netty.")
                && !isWeirs(name);
    }

    static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
    }
}
