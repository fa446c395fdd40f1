package io.weir.core.coroutine;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A body that has been started, and runs on the actor that calls {@code run}. */
final class Body extends CoroutineRun<Object> {
    final Witness witness;

    Body(Witness witness, Callable<? extends @Nullable Object> code) {
        super("body", witness);
        this.witness = witness;
        start(code);
    }

    @Override
    public void request(long n) {}

    @Override
    void launch() {}

    @Override
    void returned(@Nullable Object value) {
        if (value != null) {
            witness.onNext(value);
        }
        witness.onComplete();
    }

    @Override
    void failed(Throwable error) {
        witness.onError(error);
    }
}
