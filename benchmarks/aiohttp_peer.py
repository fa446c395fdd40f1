#!/usr/bin/env python3
"""What FetchBenchmark and FetchProcess measure, with aiohttp: aiohttp_peer.py JAVA CLASSPATH [small] [large] [bulk].

Starts the same server, in a process of its own. Medians of five rounds, after one that is not counted; with uvloop where it is installed.
"""
import asyncio
import os
import statistics
import subprocess
import sys
import time

import aiohttp

try:
    import uvloop
except ImportError:
    uvloop = None

REQUESTS, AT_ONCE = 20_000, 64
URLS, HOSTS = 100_000, 1000
ROUNDS = 5


async def small(session, port):
    url = f"http://127.0.0.1:{port}/small"
    numbers = iter(range(REQUESTS))

    async def fetch():
        for _ in numbers:
            async with session.get(url) as response:
                assert len(await response.read()) == 256

    await asyncio.gather(*(fetch() for _ in range(AT_ONCE)))
    return REQUESTS


async def large(session, port):
    size = 0
    async with session.get(f"http://127.0.0.1:{port}/large") as response:
        async for chunk in response.content.iter_any():
            size += len(chunk)
    assert size == 1 << 30
    return 1


async def bulk(session, port):
    numbers = iter(range(URLS))

    async def fetch():
        for number in numbers:
            host = number * HOSTS // URLS
            url = f"http://127.{1 + host // 250}.1.{1 + host % 250}:{port}/small"
            async with session.get(url) as response:
                await response.read()

    await asyncio.gather(*(fetch() for _ in range(256)))
    return URLS


async def rounds(work, port, **limits):
    times = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(**limits)) as session:
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            count = await work(session, port)
            times.append((time.perf_counter() - start) / count)
    return statistics.median(times[1:])


def main():
    java, classpath, *names = sys.argv[1:]
    core = os.environ.get("SERVER_CORE")
    server = subprocess.Popen(
        (["taskset", "-c", core] if core else []) + [java, "-Xmx512m", "-cp", classpath, "io.weir.benchmarks.FetchServer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        port = int(server.stdout.readline())
        if uvloop is not None:
            uvloop.install()
        for name in names or ["small", "large", "bulk"]:
            work, limits = {
                "small": (small, dict(limit=AT_ONCE)),
                "large": (large, {}),
                "bulk": (bulk, dict(limit=256, limit_per_host=8)),
            }[name]
            median = asyncio.run(rounds(work, port, **limits))
            loop = "uvloop" if uvloop is not None else "asyncio"
            print(f"{name}: {median * 1e9:.0f} ns each, aiohttp {aiohttp.__version__}, {loop}")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
