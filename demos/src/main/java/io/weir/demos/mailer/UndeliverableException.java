package io.weir.demos.mailer;

/** A message that will never be taken, however often it is sent. */
final class UndeliverableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndeliverableException(String reason) {
        super(reason);
    }
}
