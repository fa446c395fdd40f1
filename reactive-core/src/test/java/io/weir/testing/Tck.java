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
import org.reactivestreams.tck.SubscriberBlackboxVerification;
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
        return rules(PublisherVerification.class, rule -> {
            verification.setUp();
            rule.invoke(verification);
        });
    }

    /** Every rule of the TCK for subscribers that can be seen from outside. */
    public static Stream<DynamicTest> rules(SubscriberBlackboxVerification<?> verification) {
        return rules(SubscriberBlackboxVerification.class, rule -> {
            verification.startPublisherExecutorService();
            try {
                verification.setUp();
                rule.invoke(verification);
            } finally {
                verification.shutdownPublisherExecutorService();
            }
        });
    }

    private static Stream<DynamicTest> rules(Class<?> suite, Run run) {
        return Arrays.stream(suite.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(run, method)));
    }

    private static void run(Run run, Method rule) throws Throwable {
        try {
            run.run(rule);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                Assumptions.abort(skipped.getMessage());
            }
            Assertions.assertNotNull(e.getCause());
            throw e.getCause();
        }
    }

    @FunctionalInterface
    private interface Run {
        void run(Method rule) throws Exception;
    }
}
