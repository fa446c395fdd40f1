package io.weir.demos.command;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/** Whether somebody is watching. */
public final class Terminal {

    private Terminal() {}

    /** {@return whether a bar can be drawn: standard input and output are a terminal, and not one that only prints lines} */
    public static boolean canDraw() {
        String kind = System.getenv("TERM");
        boolean plain = kind == null ? !System.getProperty("os.name", "").startsWith("Windows") : kind.equals("dumb");
        return !plain && isTerminal(System.console());
    }

    /** From JDK 22 on there is a console even without a terminal, and a method that says so. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
