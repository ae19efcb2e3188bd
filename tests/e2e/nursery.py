"""Starts the real server as often as it is killed: everything is imported once, each life is a fork.

Run as ``python -m tests.e2e.nursery HOME PORT``; every line on standard input starts a life, whose process id is printed.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot import logs
from bot.serving import serve
from bot.settings import Settings


def live(home: Path, port: int) -> None:
    """One life of the server."""
    logs.configure()
    asyncio.run(serve(Settings(home=home, listen=f"127.0.0.1:{port}")))


def main() -> None:
    """Fork on demand; the dead are reaped so that their locks are given back."""
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    for line in sys.stdin:
        if line.strip() == "wait":
            _, status = os.wait()
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            live(home, port)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
