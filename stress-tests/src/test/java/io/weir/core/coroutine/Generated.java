package io.weir.core.coroutine;

import java.util.concurrent.atomic.AtomicInteger;

/** A generator's body that runs on the actor that calls {@code run}. */
final class Generated extends GenerateFlux.Body<Integer> {
    final AtomicInteger launches = new AtomicInteger();

    Generated(Witness witness, Generator<Integer> body) {
        super("generated", body, witness);
    }

    @Override
    void launch() {
        launches.incrementAndGet();
    }
}
