"""The Bot API over HTTP: token, parameters, faults, limits, the method itself, the record – in this order."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from aiohttp import web

from tests.botapi import methods, wire
from tests.botapi.checks import METHODS, checked, without_attachments
from tests.botapi.common import Call, Json, Refused
from tests.botapi.faults import ACCEPTED, Fault, Faults
from tests.botapi.feed import Feed
from tests.botapi.files import Files
from tests.botapi.hook import Hook
from tests.botapi.limits import Limits
from tests.botapi.record import Record
from tests.botapi.wire import Answer, dumps
from tests.botapi.world import World

LIMITED = frozenset(name for name in METHODS.values() if name.startswith("send") and name != "sendChatAction") | {
    "copyMessage",
    "forwardMessage",
}
ASYNCHRONOUS = frozenset({"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"})
QUIET = frozenset({"getUpdates"})  # in the record only when they carried something


@dataclass
class Settings:
    """How a server is started."""

    state: Path
    token: str = "100001:strict-test-token"
    record: bool = True
    seed: int = 1
    callback_seconds: float = 30.0
    hook_order: str = "chat"
    hook_retry: float = 1.0
    hook_timeout: float = 60.0


class Api:
    """One bot's server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.state.mkdir(parents=True, exist_ok=True)
        self.record = Record(settings.state / "record.jsonl" if settings.record else None)
        self.handlers = methods.load()
        self.control: Callable[[web.BaseRequest, str, str], Awaitable[web.StreamResponse]] | None = None
        self.number = 0
        self.begin()

    def begin(self) -> None:
        """An empty world."""
        settings = self.settings
        bot: Json = {"id": int(settings.token.partition(":")[0]), "is_bot": True, "first_name": "Phát ngôn", "username": "phatngon_bot"}
        self.world = World(Files(settings.state / "files"), bot, settings.callback_seconds)
        self.faults = Faults(settings.seed)
        self.limits = Limits()
        self.feed = Feed(self.record, first=500_000_001)
        self.hook = Hook(
            self.feed, order=settings.hook_order, retry=settings.hook_retry, timeout=settings.hook_timeout, answer=self.hook_reply
        )

    async def reset(self) -> None:
        """Forget everything but the record: the next test begins with an empty world."""
        await self.hook.remove(drop=True)
        self.feed.stop_poll("the test server was reset")
        self.record.accepted.clear()
        self.record.refused.clear()
        self.begin()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Any request."""
        path, _, query = request.raw_path.partition("?")
        path = unquote(path)  # python-telegram-bot quotes the colon of the token
        if path.startswith("/bot"):
            token, _, name = path[4:].partition("/")
            refusal = self.stranger(token)
            if refusal:
                return Answer(refusal.code, dumps(refusal.as_json()))
            return await self.bot_call(request, name, query)
        if path.startswith("/file/bot"):
            token, _, rest = path[9:].partition("/")
            return await self.file_call(request, token, rest)
        if path.startswith("/control/") and self.control:
            return await self.control(request, path[9:], query)
        return Answer(404, dumps(Refused("Not Found", 404).as_json()))

    def stranger(self, token: str) -> Refused | None:
        """Whether this is not our bot: 401 for a token of the right form, 404 for anything else."""
        if token == self.settings.token:
            return None
        number, _, secret = token.partition(":")
        return Refused("Unauthorized", 401) if number.isdecimal() and secret else Refused("Not Found", 404)

    async def bot_call(self, request: web.BaseRequest, path: str, query: str) -> web.StreamResponse:
        """One call of a method, from its bytes to the bytes of its answer."""
        name = METHODS.get(path.lower())
        if name is None or request.method not in {"GET", "POST"}:
            refusal = Refused("Not Found", 404)
            self.note_refusal(path[:40], {}, refusal)
            return Answer(404, dumps(refusal.as_json()))
        given: Json = {}
        fault: Fault | None = None
        try:
            given, uploads, form = await wire.read(request, query, self.world.files.folder)
            given = without_attachments(name, given) if uploads else given
            call = Call(name, checked(name, given, form=form), uploads)
            fault = self.faults.strike(name, self.chat_in(call.parameters)) if self.faults.orders else None
            if fault and (early := await self.before(request, call, fault)):
                return early
            result = await self.perform_slowly(call)
        except Refused as refusal:
            self.note_refusal(name, given, refusal)
            return Answer(refusal.code, dumps(refusal.as_json()))
        self.note(call, result, fault)
        if fault and fault.kind in ACCEPTED:
            return await self.after(request, fault, result)
        return Answer(200, dumps({"ok": True, "result": result}))

    def perform(self, call: Call) -> Any:
        """The method itself, if it needs no waiting."""
        name, given = call.method, call.parameters
        limits = self.limits
        if name in LIMITED and (limits.overall or limits.per_private or limits.per_group):
            messages = len(given.get("media", "x"))
            limits.admit(time.monotonic(), self.chat_in(given) or 0, messages=messages, paid=given.get("allow_paid_broadcast", False))
        return self.handlers[name](self.world, call)

    async def perform_slowly(self, call: Call) -> Any:
        """The method itself, waiting if need be."""
        given = call.parameters
        if call.method == "getUpdates":
            return await self.feed.get_updates(given)
        if call.method == "setWebhook":
            return await self.hook.set(given)
        if call.method == "deleteWebhook":
            return await self.hook.remove(drop=given.get("drop_pending_updates", False))
        if call.method == "getWebhookInfo":
            return self.hook.about()
        return self.perform(call)

    async def before(self, request: web.BaseRequest, call: Call, fault: Fault) -> web.StreamResponse | None:
        """What a fault does to a call that is not accepted; None if the call goes on."""
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ACCEPTED:
            return None
        if fault.kind in {"bad_gateway", "reset_before"}:
            self.record.refuse(fault.kind, self.line(call.method, self.plain(call.parameters)) | {"ok": False, "fault": fault.kind})
            return Answer(502, wire.GATEWAY, "text/html") if fault.kind == "bad_gateway" else wire.cut(request)
        raise fault.answer()

    async def after(self, request: web.BaseRequest, fault: Fault, result: Any) -> web.StreamResponse:
        """What a fault does to the answer of a call that was accepted."""
        body = dumps({"ok": True, "result": result})
        if fault.kind == "reset_after":
            return wire.cut(request)
        if fault.kind == "timeout_after":
            await asyncio.sleep(fault.seconds)
            return wire.cut(request)
        return Answer(200, body[: len(body) // 2] if fault.kind == "invalid_json" else body)

    async def hook_reply(self, given: Json) -> None:
        """A method call in the answer to a webhook push; its result is not told to anybody, as with Telegram."""
        name = METHODS.get(str(given.pop("method", "")).lower())
        if name is None:
            return
        try:
            call = Call(name, checked(name, given, form=False))
            result = await self.perform_slowly(call)
        except Refused as refusal:
            self.note_refusal(name, given, refusal)
            return
        self.note(call, result, None)

    async def file_call(self, request: web.BaseRequest, token: str, path: str) -> web.StreamResponse:
        """A download."""
        refusal = self.stranger(token)
        stored = self.world.files.by_path.get(path)
        if refusal or stored is None:
            return Answer(404, dumps(Refused("Not Found", 404).as_json()))
        fault = self.faults.strike("file", None)
        if fault:
            try:
                early = await self.before(request, Call("file", {"path": path}), fault)
            except Refused as answer:
                return Answer(answer.code, dumps(answer.as_json()))
            if early:
                return early
            if fault.kind != "latency":
                return wire.cut(request)
        self.record.accept("file", self.line("file", {"path": path}) | {"ok": True})
        return await wire.stream(request, stored)

    def chat_in(self, given: Json) -> int | None:
        """The chat a call names, by number."""
        chat = given.get("chat_id")
        return chat if chat is None or isinstance(chat, int) else self.world.names.get(chat.lower())

    def line(self, method: str, given: Json) -> Json:
        """The common part of a line of the record."""
        self.number += 1
        return {"n": self.number, "t": time.monotonic(), "method": method, "chat": given.get("chat_id"), "parameters": given}

    def plain(self, given: Json) -> Json:
        """Parameters as the record shows them: an upload by its name."""
        return {k: v if not isinstance(v, wire.Upload) else f"upload:{v.name}" for k, v in given.items()}

    def note(self, call: Call, result: Any, fault: Fault | None) -> None:
        """Record an accepted call."""
        if call.method in QUIET and not result:
            return
        if self.record.path is None:
            self.record.accept(call.method, {})
            return
        line = self.line(call.method, self.plain(call.parameters) if call.uploads else call.parameters)
        line["ok"] = True
        if isinstance(result, dict) and "message_id" in result:
            line["message_id"] = result["message_id"]
        elif call.method == "sendMediaGroup":
            line["message_ids"] = [message["message_id"] for message in cast("list[Json]", result)]
        elif call.method == "getUpdates":
            line["updates"] = [update["update_id"] for update in cast("list[Json]", result)]
        if call.uploads:
            line["files"] = [{"name": u.name, "size": u.size, "sha256": u.digest} for u in call.uploads.values()]
        if fault:
            line["fault"] = fault.kind
        self.record.accept(call.method, line)

    def note_refusal(self, method: str, given: Json, refusal: Refused) -> None:
        """Record a refused call."""
        if self.record.path is None:
            self.record.refuse(str(refusal.code), {})
            return
        line = self.line(method, self.plain(given)) | {"ok": False, "code": refusal.code, "description": refusal.description}
        self.record.refuse(str(refusal.code), line)
