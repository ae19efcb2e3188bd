"""/metrics on its own port, in Prometheus' text format, version 0.0.4.

Written by hand: half of the figures are read from the database at the moment they are asked for, the rest are a few counters
of ours; prometheus-client would bring a global registry, a thread and a second web server for the thirty lines that are left.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

from bot.machine import Machine
from bot.watch.health import Health, Waiting

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds a scraper may take to say what it wants
Labels = Mapping[str, str]


class Metrics:
    """The listening end."""

    def __init__(self, machine: Machine) -> None:
        self.machine, self.health = machine, Health(machine)
        self._server: asyncio.Server | None = None

    async def start(self, listen: str) -> None:
        """Listen at `host:port`; empty is nowhere. A port that is taken costs the figures, not the service."""
        host, _, port = listen.rpartition(":")
        if not port:
            return
        try:
            self._server = await asyncio.start_server(self._serve, host or "127.0.0.1", int(port))
        except OSError as error:
            log.warning("the metrics port cannot be opened", extra={"action": "metrics", "problem": error.strerror})

    @property
    def port(self) -> int | None:
        """The port it got; useful where 0 was asked for."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server is not None else None

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(PATIENCE):
                wanted = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
                good = wanted[0] == b"GET" and wanted[1].split(b"?")[0] == b"/metrics"
                body = (await self.text()).encode() if good else b"see /metrics\n"
                head = f"HTTP/1.1 {'200 OK' if good else '404 Not Found'}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
                await writer.drain()
        writer.close()

    async def text(self) -> str:
        """Every figure."""
        try:
            waiting = await self.health.waiting()
        except Exception as error:  # noqa: BLE001 - the counters are worth telling while the database is away
            log.warning("the database cannot be asked for figures", extra={"action": "metrics", "problem": type(error).__name__})
            waiting = None
        lines = [*self._counted(), *self._state(), *_waiting(waiting)]
        return "\n".join([f"phatngon_database_readable {int(waiting is not None)}", *lines]) + "\n"

    def _counted(self) -> Iterator[str]:
        """What this process has done."""
        tally, pulses = self.machine.tally, self.machine.watch.pulses.values()
        yield from _metric("handled_total", "counter", {(): tally.handled})
        yield from _metric("handled_per_second", "gauge", {(): round(tally.per_second, 3)})
        yield from _metric("replays_total", "counter", {(): tally.replays})
        yield from _metric("set_aside_total", "counter", {(): tally.aside})
        attempts = {(("channel", channel), ("result", result)): n for (channel, result), n in tally.attempts.items()}
        yield from _metric("send_attempts_total", "counter", attempts)
        yield from _metric("swept_total", "counter", {(("kind", kind),): n for kind, n in tally.swept.items()})
        yield from _metric("loop_restarts_total", "counter", {(("loop", p.name),): p.restarts for p in pulses})

    def _state(self) -> Iterator[str]:
        """How its loops, its polls and its disk are."""
        now = time.monotonic()
        pulses = self.machine.watch.pulses.values()
        yield from _metric("loop_silent_seconds", "gauge", {(("loop", p.name),): round(now - p.last, 1) for p in pulses})
        polls = {(("channel", name),): age for name, age in self.health.polls().items() if age is not None}
        yield from _metric("poll_age_seconds", "gauge", polls)
        yield from _metric("disk_free_bytes", "gauge", {(): self.health.disk_free()})


def _waiting(waiting: Waiting | None) -> Iterator[str]:
    """What the database holds that is not finished; nothing where it cannot be asked."""
    if waiting is None:
        return
    yield from _metric("fenced", "gauge", {(): int(waiting.fenced is not None)})
    yield from _metric("inbox_messages", "gauge", {(("state", state),): n for state, n in waiting.inbox.items()})
    rows = {(("channel", channel), ("state", state)): n for (channel, state), n in waiting.outbox.items()}
    yield from _metric("outbox_messages", "gauge", rows)
    yield from _metric("oldest_ready_inbox_seconds", "gauge", {(): waiting.oldest_ready or 0})
    yield from _metric("oldest_due_outbox_seconds", "gauge", {(): waiting.oldest_due or 0})


def _metric(name: str, kind: str, values: Mapping[tuple[tuple[str, str], ...], float]) -> Iterator[str]:
    """One metric with its type and a line for each set of labels."""
    yield f"# TYPE phatngon_{name} {kind}"
    for labels, value in sorted(values.items()):
        told = ",".join(f'{key}="{_quoted(text)}"' for key, text in labels)
        yield f"phatngon_{name}{{{told}}} {value}" if told else f"phatngon_{name} {value}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
