package io.weir.demos.mailer;

import java.nio.file.Path;

/**
 * What became of a message.
 *
 * @param attempts how often it was sent, or was tried to
 * @param problem why it was not sent; empty if it was
 */
record Delivery(Path message, End end, int attempts, String problem) {
    enum End {
        SENT("sent"),
        LATER("stays in the outbox"),
        DEAD("is a dead letter");

        private final String told;

        End(String told) {
            this.told = told;
        }
    }

    @Override
    public String toString() {
        return message.getFileName() + " " + end.told + ", attempts: " + attempts
                + (problem.isEmpty() ? "" : ": " + problem);
    }
}
