package io.weir.core.coroutine;

import java.util.concurrent.CancellationException;

/**
 * Thrown by {@code await} and {@code yield} inside a body whose Mono or Flux has been cancelled, so that the body ends and its
 * {@code finally} blocks run. Catching it does not undo the cancel: the next await throws it again.
 */
public final class CoroutineCancelledException extends CancellationException {
    private static final long serialVersionUID = 1L;

    CoroutineCancelledException(String message) {
        super(message);
    }
}
