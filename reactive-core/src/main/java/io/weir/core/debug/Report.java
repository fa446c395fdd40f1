package io.weir.core.debug;

import java.time.Duration;
import java.util.List;

/** A mistake that {@link Diagnostics} found, told once for each place in the code. */
public sealed interface Report {
    /**
     * The user's line: where the publisher was last worked on, or what hogs the thread.
     *
     * @return one frame
     */
    StackTraceElement site();

    /**
     * How often it was seen there so far.
     *
     * @return at least 1
     */
    long count();

    /**
     * What is wrong, in words.
     *
     * @return a sentence; for a hogged thread, its stack follows
     */
    String message();

    /**
     * A Mono or Flux was collected as garbage, and nobody had subscribed to it or built on it.
     *
     * @param type {@code Mono} or {@code Flux}
     * @param maker the call that made it, as {@code AsyncQueue.put}
     * @param last the last call that built on it, as {@code Mono.map}; the maker if there is none
     * @param stack the user's frames nearest to it, the innermost first, at most four
     * @param count how often so far
     */
    record NeverSubscribed(String type, String maker, String last, List<StackTraceElement> stack, long count)
            implements Report {
        /**
         * Makes the stack unmodifiable.
         *
         * @param type {@code Mono} or {@code Flux}
         * @param maker the call that made it
         * @param last the last call that built on it
         * @param stack the user's frames
         * @param count how often so far
         */
        public NeverSubscribed {
            stack = List.copyOf(stack);
        }

        @Override
        public StackTraceElement site() {
            return stack.get(0);
        }

        @Override
        public String message() {
            return type + " made by " + maker + (last.equals(maker) ? "" : ", then " + last + ",") + " at " + site()
                    + " was never subscribed: nothing happens until it is";
        }
    }

    /**
     * A thread that must not block runs one task for too long.
     *
     * @param thread its name
     * @param lasted how long it has, as far as was looked; in {@link Diagnostics#reports} the longest time
     * @param site the innermost of the user's frames that all samples share
     * @param samples its stacks meanwhile, the first one first, each with the innermost frame first
     * @param count how often so far
     */
    record HoggedThread(
            String thread, Duration lasted, StackTraceElement site, List<List<StackTraceElement>> samples, long count)
            implements Report {
        /**
         * Makes the samples unmodifiable.
         *
         * @param thread its name
         * @param lasted how long it has
         * @param site the user's frame
         * @param samples its stacks meanwhile
         * @param count how often so far
         */
        public HoggedThread {
            samples = samples.stream().map(List::copyOf).toList();
        }

        @Override
        public String message() {
            StringBuilder text = new StringBuilder(
                    thread + " has run one task for " + lasted.toMillis() + " ms, and meanwhile nothing else: " + site);
            samples.get(samples.size() - 1)
                    .forEach(frame -> text.append("\n\tat ").append(frame));
            return text.toString();
        }
    }
}
