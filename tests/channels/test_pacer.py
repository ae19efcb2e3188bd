"""Pacing in simulated time: never over a limit, hardly under it."""

import pytest

from bot.pacer import Pacer
from tests.botapi.limits import Window


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Now."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds


def paced(time: Time, rate: float = 0, *, per_chat: float = 0, per_group: int = 0) -> Pacer:
    """A pacer in that time; chats that begin with a minus are groups."""
    return Pacer(rate, per_chat=per_chat, per_group=per_group, is_group=lambda chat: chat.startswith("-"), clock=time, sleep=time.sleep)


@pytest.mark.parametrize("rate", [30, 300, 1000])
@pytest.mark.parametrize("stall", [0.0, 0.004, 0.2])
async def test_no_second_holds_more_than_the_limit(rate: int, stall: float) -> None:
    """Also when the loop stalls now and then: what was missed is made up for only as far as the limit allows."""
    time, limit = Time(), Window(rate, growing=True)
    pacer, count = paced(time, rate), rate * 5
    began = time.now
    for number in range(count):
        pacer.grant(str(number))
        await pacer.turn()
        assert limit.wait(time.now) == 0.0
        if number % 50 == 0:
            time.now += stall
    lost = stall * count / 50
    assert time.now - began <= (count / rate) * 1.03 + lost


async def test_a_chat_gets_one_a_second() -> None:
    """And is free again a little after."""
    time, limit = Time(), Window(1, 1.0)
    pacer = paced(time, per_chat=1)
    for _ in range(20):
        time.now += pacer.free_in("4001")
        pacer.grant("4001")
        await pacer.turn()
        pacer.sent("4001")
        assert limit.wait(time.now) == 0.0
    assert pacer.free_in("4002") == 0.0
    assert time.now - 100 < 19 * 1.03


async def test_a_group_gets_twenty_a_minute() -> None:
    """As many at once as it may, then none until the minute is over."""
    time, limit = Time(), Window(20, 60.0)
    pacer = paced(time, per_group=20)
    for _ in range(100):
        time.now += pacer.free_in("-1")
        pacer.grant("-1")
        await pacer.turn()
        assert limit.wait(time.now) == 0.0
    assert time.now - 100 < 4 * 60 * 1.03


async def test_room_is_what_begins_soon() -> None:
    """Granted slots are not granted twice; a pause leaves no room."""
    time = Time()
    pacer = paced(time, 1000)
    assert pacer.room(0.01) == 10
    for number in range(10):
        pacer.grant(str(number))
    assert pacer.room(0.01) == 0
    assert 0 < pacer.until_room(0.01) < 0.002
    for _ in range(10):
        await pacer.turn()
    assert pacer.room(0.01) > 0
    pacer.pause(3)
    assert pacer.room(0.01) == 0
    assert pacer.until_room(0.01) == pytest.approx(2.99)
