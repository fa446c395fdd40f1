package io.weir.core.debug;

import static java.lang.StackWalker.Option.RETAIN_CLASS_REFERENCE;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Where a publisher was made: the call by which the user's code did it, and that code's own frames. Kept as walked; lines are looked up when
 * somebody is told.
 */
final class CallSite {
    /** How much of the user's code is kept: who made it, and who called that. */
    private static final int KEPT = 4;

    private static final int WALKED = 100;
    private static final StackWalker STACK = StackWalker.getInstance(RETAIN_CLASS_REFERENCE);

    private final StackFrame maker;
    private final List<StackFrame> frames;

    private CallSite(StackFrame maker, List<StackFrame> frames) {
        this.maker = maker;
        this.frames = frames;
    }

    /**
     * The call that goes on; null if a library works for itself: no user's code is near, or the call gives it something else, such as a client
     * that has the publisher to close with.
     */
    static @Nullable CallSite here() {
        return STACK.walk(CallSite::of);
    }

    private static @Nullable CallSite of(Stream<StackFrame> stack) {
        StackFrame maker = null;
        List<StackFrame> frames = new ArrayList<>(KEPT);
        Iterator<StackFrame> walk = stack.limit(WALKED).iterator();
        while (frames.size() < KEPT && walk.hasNext()) {
            StackFrame frame = walk.next();
            if (Room.isUsers(frame.getClassName())) {
                frames.add(frame);
            } else if (frames.isEmpty() && Room.isReactive(frame.getClassName())) {
                maker = frame;
            }
        }
        return maker == null || frames.isEmpty() || !mayGive(maker) ? null : new CallSite(maker, frames);
    }

    /** Whether a publisher may be what the call returns. */
    private static boolean mayGive(StackFrame maker) {
        if (maker.getClassName().startsWith("reactor.core.")) {
            return true; // operators, nearly all
        }
        Class<?> returned = maker.getMethodType().returnType();
        return Publisher.class.isAssignableFrom(returned)
                || returned.isAssignableFrom(Mono.class); // such as a type variable
    }

    /** {@code AsyncQueue.put}. */
    String maker() {
        return Room.simple(maker.getClassName()) + "." + maker.getMethodName();
    }

    /** At least one, the innermost first. */
    List<StackTraceElement> frames() {
        return frames.stream().map(StackFrame::toStackTraceElement).toList();
    }
}
