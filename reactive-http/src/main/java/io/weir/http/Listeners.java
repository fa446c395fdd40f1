package io.weir.http;

import java.util.List;
import java.util.function.Consumer;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A client's listeners; what one of them throws is kept from the fetch and from the others. */
final class Listeners {
    private final List<FetchListener> all;

    Listeners(List<FetchListener> all) {
        this.all = List.copyOf(all);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void tell(Consumer<FetchListener> event) {
        for (FetchListener listener : all) {
            try {
                event.accept(listener);
            } catch (Throwable t) {
                Exceptions.throwIfJvmFatal(t);
                Operators.onErrorDropped(t, Context.empty());
            }
        }
    }
}
