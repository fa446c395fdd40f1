package io.weir.core.process;

import java.util.List;

/** What a process left when it had ended: its status and what it wrote. */
public final class ProcessResult {
    private final Command command;
    private final long pid;
    private final ExitStatus status;
    private final byte[] stdout;
    private final byte[] stderr;

    ProcessResult(Command command, long pid, ExitStatus status, byte[] stdout, byte[] stderr) {
        this.command = command;
        this.pid = pid;
        this.status = status;
        this.stdout = stdout;
        this.stderr = stderr;
    }

    /**
     * What was run.
     *
     * @return the command
     */
    public Command command() {
        return command;
    }

    /**
     * The number the system gave it; another process may have it by now.
     *
     * @return the process id
     */
    public long pid() {
        return pid;
    }

    /**
     * How it ended.
     *
     * @return the status
     */
    public ExitStatus status() {
        return status;
    }

    /**
     * The exit code: {@code status().code()}.
     *
     * @return 0 for success
     */
    public int exitCode() {
        return status.code();
    }

    /**
     * What it wrote to stdout.
     *
     * @return the bytes, not a copy
     */
    public byte[] stdout() {
        return stdout;
    }

    /**
     * What it wrote to stdout, in the command's charset.
     *
     * @return the text, its last line ending included
     */
    public String stdoutText() {
        return new String(stdout, command.charset());
    }

    /**
     * What it wrote to stdout, line by line.
     *
     * @return the lines without their endings
     */
    public List<String> stdoutLines() {
        return stdoutText().lines().toList();
    }

    /**
     * What it wrote to stderr.
     *
     * @return the bytes, not a copy
     */
    public byte[] stderr() {
        return stderr;
    }

    /**
     * What it wrote to stderr, in the command's charset.
     *
     * @return the text, its last line ending included
     */
    public String stderrText() {
        return new String(stderr, command.charset());
    }

    /**
     * Takes any status but 0 for an error.
     *
     * @return this
     * @throws ProcessExitException with the status and the last of stderr; a {@link ProcessKilledException} where it stands for a signal
     */
    public ProcessResult requireSuccess() {
        if (!status.isSuccess()) {
            throw ProcessExitException.of(command, status, Tail.of(stderr).text(command.charset()));
        }
        return this;
    }

    @Override
    public String toString() {
        return "ProcessResult[" + command + ", exit " + status + ", stdout: " + stdout.length + " bytes, stderr: "
                + stderr.length + " bytes]";
    }
}
