package io.weir.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class MemberTest {
    private static final int OUTBOX = 64;

    @Test
    void hearsAllInOrderWhileItKeepsUp() {
        Member member = new Member("anna", Overflow.DISCONNECT);
        List<String> lines = IntStream.range(0, 1000).mapToObj(i -> "line " + i).toList();
        StepVerifier.create(member.heard().take(1000))
                .then(() -> lines.forEach(line -> assertThat(member.hear(line)).isTrue()))
                .expectNextSequence(lines)
                .verifyComplete();
    }

    @Test
    void whoIsTooSlowIsShownOutAndNotWaitedFor() {
        Member member = new Member("zoe", Overflow.DISCONNECT);
        fill(member);
        StepVerifier.create(member.tooSlow())
                .then(() -> assertThat(member.hear("one too many")).isFalse())
                .verifyComplete();
    }

    @Test
    void whoMaySkipIsToldHowMuchItMissed() {
        Member member = new Member("zoe", Overflow.SKIP);
        fill(member);
        for (int i = 0; i < 7; i++) {
            assertThat(member.hear("missed")).isTrue();
        }
        assertThat(member.heard().take(2).collectList().block()).containsExactly("line 0", "line 1");
        assertThat(member.hear("heard again")).isTrue();
        assertThat(member.heard().take(OUTBOX).skip(OUTBOX - 2).collectList().block())
                .containsExactly("\tyou were too slow and missed 7", "heard again");
    }

    @Test
    void namesAreCleaned() {
        assertThat(Line.name("  Anna\u0000\t ")).isEqualTo("Anna");
        assertThat(Line.name(" ")).isEqualTo("somebody");
        assertThat(Line.name("a".repeat(99))).hasSize(20);
    }

    private static void fill(Member member) {
        for (int i = 0; i < OUTBOX; i++) {
            assertThat(member.hear("line " + i)).isTrue();
        }
    }
}
