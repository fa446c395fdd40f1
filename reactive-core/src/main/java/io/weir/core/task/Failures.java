package io.weir.core.task;

/** Several failures told as one: the first, with the later ones suppressed on it. */
final class Failures {
    private Failures() {}

    /** Adds {@code later} to {@code first}, which may be the same one, heard on two ways. */
    static Throwable add(Throwable first, Throwable later) {
        if (first != later) {
            first.addSuppressed(later);
        }
        return first;
    }
}
