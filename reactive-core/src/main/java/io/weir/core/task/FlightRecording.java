package io.weir.core.task;

import jdk.jfr.Category;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * Java Flight Recorder's events for the start and the end of tasks. Listens only once a recorder exists, so that a process that
 * is not recorded pays nothing, and where the Java runtime has no recorder, there are no events.
 */
final class FlightRecording implements TaskListener {
    private FlightRecording() {}

    static void install() {
        try {
            Recorder.watch();
        } catch (LinkageError e) {
            // a runtime image without jdk.jfr
        }
    }

    @Override
    public void started(Task<?> task) {
        Started event = new Started();
        if (event.isEnabled()) {
            event.task = task.name();
            event.commit();
        }
    }

    @Override
    public void ended(Task<?> task, Outcome<?> outcome) {
        Ended event = new Ended();
        if (event.isEnabled()) {
            event.task = task.name();
            event.outcome = outcome.getClass().getSimpleName();
            event.millis = task.age().toMillis();
            event.commit();
        }
    }

    /** Apart, so that {@link #install} can be called where its types are missing. */
    private static final class Recorder implements FlightRecorderListener {
        static void watch() {
            if (FlightRecorder.isInitialized()) {
                TaskTree.listen(new FlightRecording());
            } else {
                FlightRecorder.addListener(new Recorder());
            }
        }

        @Override
        public void recorderInitialized(FlightRecorder recorder) {
            TaskTree.listen(new FlightRecording());
        }
    }

    /** A group took a task. */
    @Name("io.weir.TaskStarted")
    @Label("Task started")
    @Category("Weir")
    @Enabled
    @StackTrace
    static final class Started extends Event {
        @Label("Task")
        String task = "";
    }

    /** A task ended. */
    @Name("io.weir.TaskEnded")
    @Label("Task ended")
    @Category("Weir")
    @Enabled
    @StackTrace(false)
    static final class Ended extends Event {
        @Label("Task")
        String task = "";

        @Label("Outcome")
        String outcome = "";

        @Label("Milliseconds since the start")
        long millis;
    }
}
