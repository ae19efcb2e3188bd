"""The processes of a measurement: the strict server, the product as it is run in an office, and its peers."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.botapi.client import ROOT, TelegramServer
from tests.waiting import until

TICKS = os.sysconf("SC_CLK_TCK")
STARTED = "Đang chạy tại"  # what `phatngon run` says when it is up
PATIENCE = 600.0  # seconds any single measurement may take


@dataclass
class Running:
    """A process that is measured."""

    process: asyncio.subprocess.Process

    def cpu(self) -> float:
        """Seconds of processor time it has used, all threads."""
        return cpu_of(self.process.pid)

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    async def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self.process.wait(), 20)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def running(*command: str, log: Path, **env: str) -> AsyncGenerator[Running]:
    """A Python module as a process, its output in a file."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *command,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | env,
        )
        here = Running(process)
        try:
            yield here
        finally:
            await here.stop()


@asynccontextmanager
async def peer(name: str, server: TelegramServer, log: Path, *arguments: str) -> AsyncGenerator[Running]:
    """One of `tests/bench/peers/`."""
    async with running(f"tests.bench.peers.{name}", server.url, server.token, *arguments, log=log) as here:
        yield here


def surroundings(server: TelegramServer, home: Path, port: int = 0) -> dict[str, str]:
    """The environment of the product, unpaced."""
    return {
        "PHATNGON_HOME": str(home),
        "PHATNGON_LISTEN": f"127.0.0.1:{port or free_port()}",
        "PHATNGON_METRICS_LISTEN": "",
        "PHATNGON_TELEGRAM_TOKEN": server.token,
        "PHATNGON_TELEGRAM_API": server.url,
        "PHATNGON_TELEGRAM_RATE": "1000000",
        "PHATNGON_TELEGRAM_CHAT_RATE": "0",
        "PHATNGON_SEMANTIC": "false",  # only the routing bench is about it
    }


@asynccontextmanager
async def product(
    server: TelegramServer, home: Path, more: Mapping[str, str], *, port: int = 0, in_flight: int = 0, whole: bool = True
) -> AsyncGenerator[Running]:
    """`phatngon run`, unpaced unless `more` says otherwise; `whole` waits until all of it runs, not its entrance alone."""
    env = surroundings(server, home, port)
    command = ("tests.bench.narrowed", str(in_flight), "run") if in_flight else ("bot", "run")
    async with running(*command, log=home / "run.log", **{**env, **more}) as here:
        if whole:
            await until(lambda: _runs(home / "run.log"), "the product runs", PATIENCE)
        yield here


async def _runs(log: Path) -> bool:
    return STARTED in await asyncio.to_thread(log.read_text, "utf-8")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Span:
    """How long something took, on the wall and in the processors."""

    count: int
    seconds: float
    cpu: float
    server_cpu: float

    @property
    def rate(self) -> float:
        """So many a second."""
        return self.count / self.seconds

    def told(self) -> Mapping[str, float]:
        """For the JSON file."""
        per = 1000 / max(1, self.count)
        return {
            "count": self.count,
            "seconds": round(self.seconds, 3),
            "per_second": round(self.rate, 1),
            "cpu_ms_each": round(self.cpu * per, 3),
            "server_cpu_ms_each": round(self.server_cpu * per, 3),
        }


class Stopwatch:
    """Measures one process against the server's."""

    def __init__(self, here: Running, server: TelegramServer) -> None:
        assert server.running is not None
        self.here, self.server_pid = here, server.running.pid
        self.begun = time.perf_counter()
        self.cpu, self.server_cpu = here.cpu(), cpu_of(self.server_pid)

    def stop(self, count: int) -> Span:
        """What has passed since."""
        seconds = time.perf_counter() - self.begun
        return Span(count, seconds, self.here.cpu() - self.cpu, cpu_of(self.server_pid) - self.server_cpu)
