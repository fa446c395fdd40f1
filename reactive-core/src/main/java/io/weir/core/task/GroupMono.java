package io.weir.core.task;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link TaskGroup#using}. */
final class GroupMono<R> extends Mono<R> {
    private final GroupSettings settings;
    private final Function<? super TaskGroup, ? extends Mono<R>> body;

    GroupMono(GroupSettings settings, Function<? super TaskGroup, ? extends Mono<R>> body) {
        this.settings = settings;
        this.body = body;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> subscriber) {
        subscriber.onSubscribe(new Section<>(this, subscriber));
    }

    /**
     * One subscription. NEW until the first request; RUNNING until the group has ended, which moves it to TOLD, or a cancel has
     * come, which moves it to CANCELLED and cancels the group. After a cancel, the end of the group tells nobody: its value
     * is discarded, and a failure dropped. Proof: {@code GroupRequestCancelRace}, {@code GroupEndCancelRace}, {@code
     * ShieldCancelCompleteRace}.
     */
    private static final class Section<R> extends Joiner implements Subscription, Scannable {
        private enum Phase {
            NEW,
            RUNNING,
            TOLD,
            CANCELLED
        }

        private final GroupMono<R> how;
        private final CoreSubscriber<? super R> subscriber;
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
        private volatile @Nullable GroupCore core;
        private volatile @Nullable TaskRun<R> task;

        Section(GroupMono<R> how, CoreSubscriber<? super R> subscriber) {
            this.how = how;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (!Operators.validate(n) || !phase.compareAndSet(Phase.NEW, Phase.RUNNING)) {
                return;
            }
            Context outer = subscriber.currentContext();
            GroupCore group =
                    new GroupCore(how.settings, how.settings.shielded() ? outer.delete(Deadline.class) : outer);
            TaskGroup given = new TaskGroup(group);
            TaskRun<R> run = group.body(
                    Mono.defer(() -> Objects.requireNonNull(how.body.apply(given), "the body of the group is null")));
            task = run;
            core = group;
            group.add(this);
            if (phase.get() == Phase.CANCELLED) { // the cancel may have looked before there was a group
                abandon(group);
            }
            group.begin();
            run.run();
        }

        @Override
        public void cancel() {
            if (!phase.compareAndSet(Phase.NEW, Phase.CANCELLED)
                    && phase.compareAndSet(Phase.RUNNING, Phase.CANCELLED)) {
                GroupCore group = core;
                if (group != null) {
                    abandon(group);
                }
            }
        }

        private void abandon(GroupCore group) {
            if (!how.settings.shielded()) {
                group.cancel("the group's subscriber has cancelled");
            }
        }

        /** The group has ended. */
        @Override
        @SuppressWarnings("unchecked") // the body is a Mono of R
        public void run() {
            GroupCore group = Objects.requireNonNull(core);
            Outcome<R> outcome = Objects.requireNonNull(task).known();
            if (group.known() instanceof Outcome.Failure<?> failure) {
                if (outcome instanceof Outcome.Success<R> untold) {
                    Operators.onDiscard(untold.value(), subscriber.currentContext());
                }
                outcome = (Outcome<R>) failure;
            }
            boolean told = phase.compareAndSet(Phase.RUNNING, Phase.TOLD);
            if (outcome instanceof Outcome.Success<R> success) {
                if (!told) {
                    Operators.onDiscard(success.value(), subscriber.currentContext());
                    return;
                }
                subscriber.onNext(success.value());
                subscriber.onComplete();
            } else if (outcome instanceof Outcome.Failure<R> failure) {
                if (!told) {
                    Operators.onErrorDropped(failure.error(), subscriber.currentContext());
                    return;
                }
                subscriber.onError(failure.error());
            } else if (told && outcome instanceof Outcome.Cancelled<R>) {
                subscriber.onError(new TaskCancelledException(group.name(), group.reason()));
            } else if (told) {
                subscriber.onComplete();
            }
        }

        @Override
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return subscriber;
            }
            if (key == Attr.TERMINATED) {
                return phase.get() == Phase.TOLD;
            }
            if (key == Attr.CANCELLED) {
                return phase.get() == Phase.CANCELLED;
            }
            return key == Attr.NAME ? "group " + how.settings.name() : null;
        }
    }
}
