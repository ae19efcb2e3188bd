"""Drive the strict server from a test: `async with TelegramServer(folder) as server`, then `person = server.person(4001, "Hà")`,
`await person.write("/start")`, `await person.sees("Xin chào")`, `await person.tap("Tiếp nhận")`.
"""

import asyncio
import base64
import io
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.botapi.common import Json

ROOT = Path(__file__).parents[2]
PATIENCE = 10.0
TOKEN = "100001:strict-test-token"
SLACK = 20.0  # the server answers a wait that failed; its own patience ends first


class ControlError(AssertionError):
    """The server could not do, or did not see, what the test asked for."""


@dataclass(frozen=True)
class Seen:
    """A message of the bot as a person sees it now."""

    id: int
    text: str
    buttons: list[str]
    message: Json
    change: int
    edits: int
    deleted: bool


def seen(found: Json) -> Seen:
    """A message from the control interface's JSON."""
    kept = {key: found[key] for key in ("text", "buttons", "message", "change", "edits", "deleted")}
    return Seen(id=found["message"]["message_id"], **kept)


def lines_of(record: Path) -> list[Json]:
    """Everything a record holds: calls, and beside them updates queued and pushed."""
    return [json.loads(line) for line in record.read_text("utf-8").splitlines()]


class TelegramServer:
    """The server as a process of its own."""

    def __init__(self, state: Path, *options: str, token: str = TOKEN) -> None:
        self.state, self.options, self.token = state, options, token
        self.url = ""
        self.told: Json = {}
        self.begun = 0  # the record's number when the present world began
        self.running: asyncio.subprocess.Process | None = None
        self.session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Start it and wait for its address."""
        command = [sys.executable, "-m", "tests.botapi", "--state", str(self.state), "--token", self.token, *self.options]
        self.running = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
        )
        assert self.running.stdout
        line = await asyncio.wait_for(self.running.stdout.readline(), 30)
        self.told = json.loads(line)
        self.url = self.told["url"]
        self.session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it; it must go by itself."""
        if self.session:
            await self.session.close()
        if self.running:
            if self.running.returncode is None:
                self.running.terminate()
            status = await asyncio.wait_for(self.running.wait(), 10)
            assert status == 0, f"the Bot API server ended with {status}"

    async def control(self, path: str, **given: Any) -> Any:
        """One request of the control interface."""
        assert self.session
        limit = aiohttp.ClientTimeout(total=given.get("timeout", PATIENCE) + SLACK)
        body = io.BytesIO(json.dumps(given).encode())  # thousands of updates in one piece would hold up the loop
        headers = {"Content-Type": "application/json"}
        async with self.session.post(f"{self.url}/control/{path}", data=body, headers=headers, timeout=limit) as response:
            answer: Json = await response.json()
        if not answer["ok"]:
            raise ControlError(answer["description"])
        return answer["result"]

    async def call(self, method: str, **given: Any) -> Json:
        """One call of a Bot API method as JSON, as any client could make it; the whole answer, refusals too."""
        assert self.session
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", json=given) as response:
            return await response.json(content_type=None)

    def person(self, number: int, name: str = "An", **more: Any) -> "Person":
        """Somebody with a private chat."""
        return Person(self, number, name, more)

    async def group(self, number: int, title: str = "Nhóm báo chí", **more: Any) -> Json:
        """A group or channel (`kind="channel"`) the bot is in."""
        return await self.control("group", id=number, title=title, **more)

    async def crowd(self, first: int, count: int) -> None:
        """So many people who may be written to, as an audience."""
        await self.control("crowd", first=first, count=count)

    async def fault(self, kind: str, method: str = "*", **more: Any) -> None:
        """Order a fault: `times`, `skip`, `probability`, `chat`, `seconds`, `code`, `description`."""
        await self.control("faults", orders=[{"kind": kind, "method": method, **more}])

    async def no_faults(self) -> None:
        """Take all orders back."""
        await self.control("faults", clear=True)

    async def limits(self, model: str = "none", rate: float = 30.0, *, per_private: float = 0.0, per_group: int = 0) -> None:
        """Choose a limit model: none, bucket, window or growing."""
        await self.control("limits", model=model, rate=rate, per_private=per_private, per_group=per_group)

    async def drained(self, patience: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        await self.control("drained", timeout=patience)

    async def polling(self, patience: float = PATIENCE) -> None:
        """Wait until the bot hangs in a long poll."""
        await self.control("polling", timeout=patience)

    async def accepted(self, method: str, count: int, patience: float = PATIENCE) -> None:
        """Wait until so many calls of a method were accepted."""
        await self.control("accepted", method=method, count=count, timeout=patience)

    async def stats(self) -> Json:
        """Counts of everything."""
        return await self.control("stats")

    async def reset(self) -> int:
        """Empty the world for the next test; the record's number from here on."""
        self.begun = (await self.control("reset"))["n"]
        return self.begun

    async def record(self, method: str | None = None, *, since: int | None = None) -> list[Json]:
        """The record's calls, accepted and refused, after number `since`; of the present world, if nothing is said."""
        where = await self.control("flush")
        lines = lines_of(Path(where["path"]))
        return [
            line for line in lines if line.get("n", 0) > (self.begun if since is None else since) and method in {None, line.get("method")}
        ]


@dataclass
class Person:
    """Somebody who writes to the bot; `chat` is their private chat unless they speak in a group."""

    server: TelegramServer
    id: int
    name: str
    more: Json = field(default_factory=dict[str, Any])
    chat: int = 0
    mark: int = 0
    known: bool = False

    def inside(self, chat: int) -> "Person":
        """The same person, speaking in a group."""
        return Person(self.server, self.id, self.name, self.more, chat)

    async def act(self, what: str, **given: Any) -> Json:
        """Do something, and look only at what comes after it from now on."""
        if not self.known:
            await self.server.control("person", id=self.id, name=self.name, **self.more)
            self.known = True
        done: Json = await self.server.control(what, chat=self.chat or self.id, sender=self.id, **given)
        self.mark = done.get("mark", self.mark)
        return done

    async def write(self, text: str, **more: Any) -> int:
        """Write a text (`reply_to`, `forward`, `date`); its message number."""
        return (await self.act("say", text=text, **more))["message_id"]

    async def send(self, kind: str, content: bytes | None = None, **more: Any) -> int:
        """Send a photo, document, voice, video, location, contact …: by content, `path` or `size`."""
        if content is not None:
            more["content"] = base64.b64encode(content).decode()
        return (await self.act("say", kind=kind, **more))["message_id"]

    async def album(self, *items: Json) -> list[int]:
        """Send several files that belong together."""
        if not self.known:
            await self.act("person", id=self.id, name=self.name, **self.more)
        said: list[Json] = await self.server.control("album", chat=self.chat or self.id, sender=self.id, items=list(items))
        self.mark = said[0]["mark"]
        return [one["message_id"] for one in said]

    async def edit(self, message: int, **changed: str) -> None:
        """Change the `text` or the `caption` of an earlier message."""
        await self.act("edit", message_id=message, **changed)

    async def tap(self, label: str = "", **more: Any) -> Json:
        """Tap the newest button with this label; waits for it. `message_id`, `data` for an old menu."""
        return await self.act("tap", **({} if "data" in more else {"label": label}), **more)

    async def answered(self, tap: Json, patience: float = PATIENCE) -> Json:
        """The answer to a tap."""
        return await self.server.control("answered", callback_query_id=tap["callback_query_id"], timeout=patience)

    async def sees(self, *words: str, buttons: tuple[str, ...] = (), since: int | None = None, patience: float = PATIENCE) -> Seen:
        """Wait for one message with all these words, new or changed since this person last did something."""
        after = self.mark if since is None else since
        given: Json = {"words": list(words), "buttons": list(buttons), "after": after, "timeout": patience}
        return seen(await self.server.control("see", chat=self.chat or self.id, **given))

    async def messages(self) -> list[Seen]:
        """Everything the bot has written here, as it looks now, without what it deleted."""
        state: Json = await self.server.control("chat", chat=self.chat or self.id)
        return [seen(found) for found in state["messages"] if found["from_bot"] and not found["deleted"]]

    async def received(self, count: int, patience: float = PATIENCE) -> None:
        """Wait until the bot has sent so many messages here."""
        await self.server.control("wait", chat=self.chat or self.id, messages=count, timeout=patience)

    async def block(self) -> None:
        """Block the bot."""
        await self.act("block", blocked=True)

    async def unblock(self) -> None:
        """Let the bot in again."""
        await self.act("block", blocked=False)
