"""What `weir demo hello` does, in asyncio: three that say hello and, a second later, world."""

import asyncio


async def greet():
    print("hello", flush=True)
    await asyncio.sleep(1)
    print("world", flush=True)


async def main():
    await asyncio.gather(greet(), greet(), greet())


asyncio.run(main())
