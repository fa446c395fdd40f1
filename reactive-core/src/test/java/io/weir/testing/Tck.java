package io.weir.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.SkipException;
import org.testng.annotations.Test;

/**
 * The Reactive Streams TCK as JUnit tests. The TCK is written for TestNG; this runs its methods one by one, so that one
 * runner and one report serve all.
 */
public final class Tck {
    /** How long the TCK waits for a signal that must come, and for one that must not. */
    private static final int SIGNAL_MS = 2000;

    private static final int SILENCE_MS = 20;

    private Tck() {}

    /** For the verification's constructor. */
    public static TestEnvironment environment() {
        return new TestEnvironment(SIGNAL_MS, SILENCE_MS);
    }

    /** Every rule of the TCK for publishers, as {@code verification} sets them up. */
    public static Stream<DynamicTest> rules(PublisherVerification<?> verification) {
        return Arrays.stream(PublisherVerification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(verification, method)));
    }

    private static void run(PublisherVerification<?> verification, Method rule) throws Throwable {
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                Assumptions.abort(skipped.getMessage());
            }
            Assertions.assertNotNull(e.getCause());
            throw e.getCause();
        }
    }
}
