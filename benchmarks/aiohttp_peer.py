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

REQUESTS, AT_ONCE = 2000, 64
URLS, HOSTS = 100_000, 1000


async def small(port):
    url = f"http://127.0.0.1:{port}/small"
    numbers = iter(range(REQUESTS))

    async def fetch(session):
        for _ in numbers:
            async with session.get(url) as response:
                assert len(await response.read()) == 256

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        await asyncio.gather(*(fetch(session) for _ in range(AT_ONCE)))
    return REQUESTS


async def large(port):
    size = 0
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/large") as response:
            async for chunk in response.content.iter_any():
                size += len(chunk)
    assert size == 1 << 30
    return 1


async def bulk(port):
    numbers = iter(range(URLS))

    async def fetch(session):
        for number in numbers:
            host = number * HOSTS // URLS
            url = f"http://127.{1 + host // 250}.1.{1 + host % 250}:{port}/small"
            async with session.get(url) as response:
                await response.read()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256, limit_per_host=8)) as session:
        await asyncio.gather(*(fetch(session) for _ in range(256)))
    return URLS


def main():
    java, classpath, *names = sys.argv[1:]
    server = subprocess.Popen(
        [java, "-Xmx512m", "-cp", classpath, "io.weir.benchmarks.FetchServer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        port = int(server.stdout.readline())
        if uvloop is not None:
            uvloop.install()
        for name in names or ["small", "large", "bulk"]:
            work = {"small": small, "large": large, "bulk": bulk}[name]
            times = []
            for _ in range(6):
                start = time.perf_counter()
                count = asyncio.run(work(port))
                times.append((time.perf_counter() - start) / count)
            loop = "uvloop" if uvloop is not None else "asyncio"
            print(f"{name}: {statistics.median(times[1:]) * 1e9:.0f} ns each, aiohttp {aiohttp.__version__}, {loop}")
    finally:
        server.kill()


if __name__ == "__main__":
    main()
