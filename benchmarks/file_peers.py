"""Files read and copied by whole processes: Weir on each engine, aiofiles, node, and cp or cat.

    file_peers.py JAVA JAR FOLDER [MEGABYTES [WORK...]]

Makes its files in FOLDER/weir-peers (many small ones, a large one of so many megabytes, one of lines), runs each piece of work three times
in a process of its own, and prints the median in seconds and the processor time: with the files in the page cache, and without, where
the system can be told to forget them. Lines take aiofiles a minute for each 50 megabytes. Each process is timed from start to end, the start of a JVM or of Python included.
"""

import asyncio
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time

AT_ONCE = 64
BLOCK = 4096
READS = 20_000
ROUNDS = 3
SMALL = 5_000

NODE = """
const fs = require('fs'), fsp = fs.promises, path = require('path'), readline = require('readline');
const [work, folder] = process.argv.slice(1), large = path.join(folder, 'large');
async function pool(count, next) {
  let at = 0, sum = 0;
  await Promise.all(Array.from({length: 64}, async () => { while (at < count) sum += await next(at++); }));
  return sum;
}
(async () => {
  if (work === 'small') {
    const names = await fsp.readdir(path.join(folder, 'small'));
    return pool(names.length, async i => (await fsp.readFile(path.join(folder, 'small', names[i]))).length);
  }
  if (work === 'read') {
    let sum = 0;
    for await (const chunk of fs.createReadStream(large, {highWaterMark: 256 << 10})) sum += chunk.length;
    return sum;
  }
  if (work === 'random') {
    const file = await fsp.open(large), size = (await file.stat()).size;
    const sum = await pool(20000, async () => (await file.read(Buffer.alloc(4096), 0, 4096,
        4096 * Math.floor(Math.random() * (size / 4096)))).bytesRead);
    await file.close();
    return sum;
  }
  if (work === 'lines') {
    let lines = 0;
    for await (const line of readline.createInterface({input: fs.createReadStream(path.join(folder, 'lines'))})) lines++;
    return lines;
  }
  await fsp.copyFile(large, path.join(folder, 'copy'));
  return fs.statSync(large).size;
})().then(console.log);
"""


async def aiofiles_run(work, folder):
    import aiofiles

    large = os.path.join(folder, "large")
    if work == "small":
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(path):
            async with gate, aiofiles.open(path, "rb") as file:
                return len(await file.read())

        small = os.path.join(folder, "small")
        return sum(await asyncio.gather(*(one(os.path.join(small, name)) for name in os.listdir(small))))
    if work == "read":
        total = 0
        async with aiofiles.open(large, "rb") as file:
            while chunk := await file.read(256 << 10):
                total += len(chunk)
        return total
    if work == "random":
        total = 0
        size = os.path.getsize(large)
        async with aiofiles.open(large, "rb") as file:
            for _ in range(READS):
                await file.seek(random.randrange(size // BLOCK) * BLOCK)
                total += len(await file.read(BLOCK))
        return total
    if work == "lines":
        lines = 0
        async with aiofiles.open(os.path.join(folder, "lines")) as file:
            async for _ in file:
                lines += 1
        return lines
    async with aiofiles.open(large, "rb") as source, aiofiles.open(os.path.join(folder, "copy"), "wb") as target:
        while chunk := await source.read(256 << 10):
            await target.write(chunk)
    return os.path.getsize(large)


def make(folder, megabytes):
    os.makedirs(os.path.join(folder, "small"))
    for i in range(SMALL):
        with open(os.path.join(folder, "small", str(i)), "wb") as file:
            file.write(os.urandom(BLOCK))
    with open(os.path.join(folder, "large"), "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    with open(os.path.join(folder, "lines"), "w") as file:
        for i in range(megabytes):
            file.write(("0123456789abcdef" * 4 + "\n") * (1 << 14))
    os.sync()


def forget(folder):
    for at, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(at, name), os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def commands(java, jar, work, folder):
    weir = [java, "-Xmx256m", "-XX:+UseSerialGC"]
    main = ["-cp", jar, "io.weir.benchmarks.FileRun", work, folder]
    yield "Weir, io_uring", [*weir, "-Dweir.files.engine=io_uring", *main]
    yield "Weir, threads", [*weir, "-Dweir.files.engine=threads", *main]
    try:
        import aiofiles  # noqa: F401

        yield "aiofiles", [sys.executable, __file__, "--aiofiles", work, folder]
    except ImportError:
        pass
    if shutil.which("node"):
        yield "node", ["node", "-e", NODE, work, folder]
    large = os.path.join(folder, "large")
    if work == "copy":
        yield "cp", ["cp", large, os.path.join(folder, "copy")]
    if work == "read":
        yield "cat", ["cat", large]


def measure(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    elapsed = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(java, jar, parent, megabytes="256", *works):
    folder = os.path.join(parent, "weir-peers")
    make(folder, int(megabytes))
    try:
        print("| work | page cache | who | s | processor s |\n|---|---|---|---|---|")
        for work in works or ["small", "read", "random", "lines", "copy"]:
            for cached in [True, False]:
                for who, command in commands(java, jar, work, folder):
                    runs = []
                    for _ in range(ROUNDS + cached):  # the first of the warm ones fills the cache
                        if not cached:
                            forget(folder)
                        runs.append(measure(command))
                    elapsed, processor = (statistics.median(each) for each in zip(*runs[cached:]))
                    state = "warm" if cached else "cold"
                    print(f"| {work} | {state} | {who} | {elapsed:.2f} | {processor:.2f} |", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1] == "--aiofiles":
        print(asyncio.run(aiofiles_run(*sys.argv[2:])))
    else:
        main(*sys.argv[1:])
