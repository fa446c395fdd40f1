#!/usr/bin/env python3
"""What asyncio does for the same work: python3 asyncio_peers.py [queue semaphore gather offload task held process]

A process of its own, on one thread, as asyncio is. Each figure is the median of some runs within it, in nanoseconds for one
element, passage, source, call or task, the first run left out; `held` is bytes for each sleeping task. Not JMH: read it as an
order of magnitude beside the JVM's.
"""

import asyncio
import gc
import statistics
import sys
import time
import tracemalloc

RUNS = 5


def median(work, operations):
    """Runs work() RUNS + 1 times; its median time for one operation in ns."""
    times = []
    for _ in range(RUNS + 1):
        gc.collect()
        start = time.perf_counter_ns()
        asyncio.run(work())
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times[1:]) / operations


def row(name, figure, unit="ns"):
    print(f"{name:<48}{figure:>10.0f} {unit}", flush=True)


def queue():
    """Producers put, consumers take, and each consumer adds up its share."""
    elements = 48_000

    async def run(producers, consumers, capacity):
        q = asyncio.Queue(capacity)

        async def produce():
            for i in range(elements // producers):
                await q.put(i)

        async def consume():
            total = 0
            for _ in range(elements // consumers):
                total += await q.get()
            return total

        takers = [asyncio.create_task(consume()) for _ in range(consumers)]
        await asyncio.gather(*(produce() for _ in range(producers)))
        return sum(await asyncio.gather(*takers))

    for capacity in 64, 1:  # 0 means unbounded there: asyncio has no rendezvous
        for producers, consumers in (1, 1), (4, 4), (1000, 1):
            row(
                f"Queue, capacity {capacity}, {producers}:{consumers}",
                median(lambda: run(producers, consumers, capacity), elements),
            )


def semaphore():
    """A thousand tasks hand one permit on; the last to arrive gives it back first."""
    tasks, rounds = 1000, 40

    async def run():
        permit = asyncio.Semaphore(1)
        await permit.acquire()
        inside = 0
        missing = tasks

        async def task():
            nonlocal inside, missing
            missing -= 1
            if missing == 0:
                permit.release()
            for _ in range(rounds):
                async with permit:
                    inside += 1

        await asyncio.gather(*(task() for _ in range(tasks)))
        return inside

    row(f"Semaphore, {tasks} tasks", median(run, tasks * rounds))


def gather():
    """gather() of coroutines that return at once, of completed futures, and of futures that another thread completes."""
    total = 100_000

    async def value(i):
        return i

    async def coroutines(sources):
        for _ in range(total // sources):
            await asyncio.gather(*(value(i) for i in range(sources)))

    async def completed(sources):
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(sources)]
        for i, future in enumerate(futures):
            future.set_result(i)
        for _ in range(total // sources):
            await asyncio.gather(*futures)

    async def elsewhere(sources):
        loop = asyncio.get_running_loop()

        def complete(futures):
            for i, future in enumerate(futures):
                loop.call_soon_threadsafe(future.set_result, i)

        for _ in range(total // sources):
            futures = [loop.create_future() for _ in range(sources)]
            other = loop.run_in_executor(None, complete, futures)
            await asyncio.gather(*futures)
            await other

    for sources in 10, 1000, 100_000:
        row(f"gather, complete futures, {sources} sources", median(lambda: completed(sources), total))
        row(f"gather, coroutines, {sources} sources", median(lambda: coroutines(sources), total))
        row(f"gather, from another thread, {sources} sources", median(lambda: elsewhere(sources), total))


def offload():
    """to_thread() of a call that does nothing."""
    calls = 6400

    async def run(callers):
        async def caller():
            for _ in range(calls // callers):
                await asyncio.to_thread(int)

        await asyncio.gather(*(caller() for _ in range(callers)))

    for callers in 1, 64:
        row(f"to_thread, {callers} at once", median(lambda: run(callers), calls))


def task():
    """A task group of tasks that do nothing."""
    tasks = 200_000

    async def nothing():
        pass

    async def run():
        async with asyncio.TaskGroup() as group:
            for _ in range(tasks):
                group.create_task(nothing())

    row(f"TaskGroup, {tasks} tasks", median(run, tasks))


def held():
    """Bytes that a waiting get() and a sleeping task hold, with their coroutines, as tracemalloc counts them."""
    tasks = 100_000

    async def measure(wait):
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        waiting = [asyncio.create_task(wait()) for _ in range(tasks)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return (after - before) / tasks

    async def get():
        q = asyncio.Queue(64)
        return await measure(q.get)

    async def sleep():
        return await measure(lambda: asyncio.sleep(3600))

    row("take: a task that waits for Queue.get", asyncio.run(get()), "B")
    row("sleep: a task in asyncio.sleep", asyncio.run(sleep()), "B")


def process():
    """create_subprocess_exec: 200 times true, 8 at once, and a GiB through cat."""
    spawns, mebibytes, chunk = 200, 1024, bytes(64 << 10)

    async def spawn():
        places = asyncio.Semaphore(8)

        async def one():
            async with places:
                child = await asyncio.create_subprocess_exec(
                    "true", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
                await child.communicate()

        await asyncio.gather(*(one() for _ in range(spawns)))

    async def cat():
        child = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)

        async def write():
            for _ in range(mebibytes * (1 << 20) // len(chunk)):
                child.stdin.write(chunk)
                await child.stdin.drain()
            child.stdin.close()

        async def read():
            while await child.stdout.read(len(chunk)):
                pass

        await asyncio.gather(write(), read())
        await child.wait()

    row("process: true, 8 at once", median(spawn, spawns) / 1000, "us")
    row("process: a MiB through cat", median(cat, mebibytes) / 1000, "us")


if __name__ == "__main__":
    parts = {part.__name__: part for part in (queue, semaphore, gather, offload, task, held, process)}
    print(f"asyncio, Python {sys.version.split()[0]}")
    for name in sys.argv[1:] or parts:
        parts[name]()
