package io.weir.core.offload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

class ThreadLocalsTest {
    private static final ThreadLocal<String> USER = new ThreadLocal<>();
    private static final String KEY = "user";

    private final Offload pool = Offload.bounded("locals", 1, 10);

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, USER);
    }

    @AfterEach
    void end() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        USER.remove();
        pool.close();
    }

    @Test
    void theCallSeesWhatTheContextHas() {
        assertThat(pool.call(USER::get).contextWrite(Context.of(KEY, "ann")).block())
                .isEqualTo("ann");
    }

    @Test
    void theCallSeesWhatTheSubscribingThreadHas() {
        USER.set("bob");
        assertThat(pool.call(USER::get).block()).isEqualTo("bob");
    }

    @Test
    void theContextGoesBeforeTheThread() {
        USER.set("bob");
        assertThat(pool.call(USER::get).contextWrite(Context.of(KEY, "ann")).block())
                .isEqualTo("ann");
    }

    @Test
    void theNextCallOnTheSameThreadSeesNothingOfIt() {
        pool.call(USER::get).contextWrite(Context.of(KEY, "ann")).block();
        pool.call(() -> {
                    throw new IllegalStateException();
                })
                .contextWrite(Context.of(KEY, "ann"))
                .onErrorComplete()
                .block();
        assertThat(pool.call(USER::get).block()).isNull();
    }

    @Test
    void worksBesideReactorsAutomaticPropagation() {
        Hooks.enableAutomaticContextPropagation();
        try {
            List<String> seen = pool.call(USER::get)
                    .map(inside -> Arrays.asList(inside, USER.get()))
                    .contextWrite(Context.of(KEY, "ann"))
                    .block();
            assertThat(seen).containsExactly("ann", "ann");
            USER.set("bob");
            assertThat(Mono.fromCallable(USER::get)
                            .subscribeOn(pool.scheduler())
                            .block())
                    .isEqualTo("bob");
        } finally {
            Hooks.disableAutomaticContextPropagation();
        }
    }

    @Test
    void withoutAnyRegisteredTheCallIsNotWrapped() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
        Callable<String> call = USER::get;
        boolean others =
                !ContextRegistry.getInstance().getThreadLocalAccessors().isEmpty();
        assertThat(ThreadLocals.carriedTo(call, Context.empty()) == call).isEqualTo(!others);
    }
}
