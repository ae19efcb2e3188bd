"""Limits and faults do exactly what was ordered."""

import asyncio
import time

import aiohttp
import pytest

from tests.botapi.client import TelegramServer
from tests.botapi.common import Json, Refused
from tests.botapi.faults import Faults
from tests.botapi.limits import Bucket, Limits, Window

pytestmark = pytest.mark.asyncio(loop_scope="session")


def admitted(limits: Limits, times: list[float], chat: int = 1) -> list[int]:
    """What each call at these moments meets: 0, or the seconds to wait."""
    met: list[int] = []
    for now in times:
        try:
            limits.admit(now, chat)
            met.append(0)
        except Refused as refusal:
            met.append(refusal.parameters["retry_after"])
    return met


async def test_token_bucket() -> None:
    """A burst of the rate, then as fast as it refills."""
    assert admitted(Limits(Bucket(2)), [0, 0, 0, 0.5, 0.6, 1.0]) == [0, 0, 1, 0, 1, 0]


async def test_window_locks_out_for_three_seconds() -> None:
    """Two in a second pass; the third locks everything out for three."""
    assert admitted(Limits(Window(2)), [0, 0.9, 0.95, 2.0, 3.9, 3.96, 4.0]) == [0, 0, 3, 2, 1, 0, 0]
    assert admitted(Limits(Window(2)), [0, 0.5, 1.0, 1.5, 2.0, 2.5]) == [0] * 6


async def test_growing_lock_out() -> None:
    """Whoever keeps calling waits longer and longer; whoever waits is let in."""
    assert admitted(Limits(Window(1, growing=True)), [0, 0.1, 0.2, 0.3, 12.2, 36.4, 36.5]) == [0, 3, 6, 12, 24, 0, 3]


async def test_limits_per_chat() -> None:
    """One a second in a private chat, twenty a minute in a group."""
    limits = Limits(per_private=1, per_group=20)
    assert admitted(limits, [0, 0.5, 1.0], chat=5) == [0, 1, 0]
    assert admitted(limits, [0.0] * 21, chat=-5) == [0] * 20 + [60]


async def test_429_over_http(server: TelegramServer) -> None:
    """The refusal carries retry_after and is not delivered; paid broadcasts pass."""
    person = server.person(4001)
    await person.write("/start")
    await server.limits("window", 2)
    answers = [await server.call("sendMessage", chat_id=4001, text=str(n)) for n in range(3)]
    assert [a["ok"] for a in answers] == [True, True, False]
    assert answers[2] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert (await server.call("sendMessage", chat_id=4001, text="trả phí", allow_paid_broadcast=True))["ok"]
    assert len(await person.messages()) == 3
    assert (await server.stats())["limited"] == 1


async def send(server: TelegramServer, **timeout: float) -> tuple[int, bytes]:
    """Status and body of one sendMessage."""
    url = f"{server.url}/bot{server.token}/sendMessage"
    limit = aiohttp.ClientTimeout(total=timeout.get("total", 5))
    async with aiohttp.ClientSession(timeout=limit) as session, session.post(url, json={"chat_id": 4001, "text": "a"}) as response:
        return response.status, await response.read()


async def test_every_fault(server: TelegramServer) -> None:
    """What is refused was not delivered; what was accepted was, whatever the answer looked like."""
    person = server.person(4001)
    await person.write("/start")

    async def delivered() -> int:
        return len(await person.messages())

    await server.fault("bad_gateway", "sendMessage", times=1)
    status, body = await send(server)
    assert (status, body[:6], await delivered()) == (502, b"<html>", 0)
    await server.fault("reset_before", "sendMessage", times=1)
    with pytest.raises(aiohttp.ClientError):
        await send(server)
    assert await delivered() == 0
    for kind, code in (("blocked", 403), ("bad_request", 400), ("too_many", 429)):
        await server.fault(kind, "sendMessage", times=1)
        assert ((await send(server))[0], await delivered()) == (code, 0)
    await server.fault("status", "sendMessage", times=1, code=500, description="Internal Server Error")
    assert (await send(server))[0] == 500
    await server.fault("reset_after", "sendMessage", times=1)
    with pytest.raises(aiohttp.ClientError):
        await send(server)
    assert await delivered() == 1
    await server.fault("invalid_json", "sendMessage", times=1)
    assert not (await send(server))[1].endswith(b"}")
    assert await delivered() == 2
    await server.fault("timeout_after", "sendMessage", times=1, seconds=5)
    with pytest.raises(asyncio.TimeoutError):
        await send(server, total=0.2)
    assert await delivered() == 3
    await server.fault("latency", "sendMessage", times=1, seconds=0.1)
    began = time.monotonic()
    assert (await send(server))[0] == 200
    assert time.monotonic() - began >= 0.1
    assert (await send(server))[0] == 200


async def test_faults_by_chat_and_by_script(server: TelegramServer) -> None:
    """Only the chosen chat, only after the first call, only twice."""
    for number in (4001, 4002):
        await server.person(number).write("/start")
    await server.fault("blocked", "sendMessage", chat=4002, skip=1, times=2)
    codes = [(await server.call("sendMessage", chat_id=chat, text="a")).get("error_code", 200) for chat in (4001, 4002) * 4]
    assert codes == [200, 200, 200, 403, 200, 403, 200, 200]


async def test_faults_by_probability_follow_the_seed() -> None:
    """The same seed strikes the same calls."""

    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.order({"kind": "bad_gateway", "probability": 0.3})
        return [faults.strike("sendMessage", 1) is not None for _ in range(200)]

    assert struck(7) == struck(7) != struck(8)
    assert 30 < sum(struck(7)) < 90


async def test_faults_are_in_the_record(server: TelegramServer) -> None:
    """A reader of the record can tell what was cut before from what was cut after."""
    since = await server.reset()
    await server.person(4001).write("/start")
    for kind in ("reset_before", "reset_after"):
        await server.fault(kind, "sendMessage", times=1)
        with pytest.raises(aiohttp.ClientError):
            await send(server)
    lines: list[Json] = await server.record("sendMessage", since=since)
    assert [(line["ok"], line["fault"]) for line in lines] == [(False, "reset_before"), (True, "reset_after")]
