"""Starts the real server as often as it is killed: everything is imported once, each life is a fork.

Run as ``python -m tests.e2e.nursery HOME PORT URL``; every line on standard input starts a life, whose process id is printed.
"""

import asyncio
import importlib
import os
import sys
from pathlib import Path

from bot import logs
from bot.serving import serve
from bot.settings import Settings


def live(home: Path, port: int, url: str) -> None:
    """One life of the server."""
    logs.configure()
    asyncio.run(serve(Settings(home=home, database_url=url, listen=f"127.0.0.1:{port}")))


def main() -> None:
    """Fork on demand; the dead are reaped so that their locks are given back."""
    home, port, url = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    importlib.import_module("bot.channels.telegram")  # what the product reads when a channel is on: once for all lives
    for line in sys.stdin:
        if line.strip() == "wait":
            _, status = os.wait()
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            live(home, port, url)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
