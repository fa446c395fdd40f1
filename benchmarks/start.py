#!/usr/bin/env python3
"""From a command to its first line that says hello: start.py JAVA WEIR_JAR [RUNS]

The commands take turns, so that a busy moment is everybody's; told are the median and the fastest, in milliseconds.
The empty main is what a JVM takes with nothing to do. The JVM's options are those of the script `weir`, and the last
one maps an archive of classes, as that does.
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
OPTIONS = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dio.netty.jfr.enabled=false", "-Xlog:disable"]
EMPTY = 'public class Hello { public static void main(String[] a) { System.out.println("hello"); } }'


def first_hello(command):
    """Milliseconds until the command has said hello; then it is ended."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stdout:
                if "hello" in line and not line.startswith("=="):
                    return (time.perf_counter() - start) * 1000
        finally:
            process.kill()
    sys.exit(f"no hello from: {' '.join(command)}")


def compiled_empty_main(java, folder):
    source = pathlib.Path(folder, "Hello.java")
    source.write_text(EMPTY)
    javac = pathlib.Path(java).resolve().parent / "javac"
    subprocess.run([javac, "-d", folder, source], check=True)
    return [java, *OPTIONS, "-Xshare:auto", "-cp", folder, "Hello"]


def main():
    java, jar, *runs = sys.argv[1:]
    demo = ["-jar", jar, "demo", "hello"]
    with tempfile.TemporaryDirectory() as folder:
        archive = f"{folder}/weir.jsa"
        subprocess.run(
            [java, *OPTIONS, f"-XX:ArchiveClassesAtExit={archive}", *demo, "--speed", "100"],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        commands = {
            "python3 hello.py": [sys.executable, str(HERE / "hello.py")],
            "java, an empty main": compiled_empty_main(java, folder),
            "java -jar weir.jar demo hello": [java, *demo],
            "… with the options of weir": [java, *OPTIONS, *demo],
            "… and an archive of classes": [java, *OPTIONS, f"-XX:SharedArchiveFile={archive}", *demo],
        }
        times = {name: [] for name in commands}
        for _ in range(int(runs[0]) if runs else 20):
            for name, command in commands.items():
                times[name].append(first_hello(command))
    for name, took in times.items():
        print(f"{name:<32}{statistics.median(took):>8.0f} ms{min(took):>8.0f} ms")


if __name__ == "__main__":
    main()
