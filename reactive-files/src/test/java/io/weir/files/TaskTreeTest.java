package io.weir.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;

class TaskTreeTest {
    @Test
    void aReadTellsItsOperationAndItsPath() {
        StringBuilder name = new StringBuilder();
        BaseSubscriber<String> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                name.append(Scannable.from(subscription).scan(Scannable.Attr.NAME));
            }
        };
        AsyncFiles.lines(Path.of("folder", "some.txt")).subscribe(subscriber);
        subscriber.cancel();
        assertThat(name.toString()).isEqualTo("file lines " + Path.of("folder", "some.txt"));
    }
}
