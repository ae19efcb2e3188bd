"""Pacing in simulated time: never over a limit, hardly under it."""

from dataclasses import dataclass, field
from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
@pytest.mark.parametrize("stall", [0.0, 0.004, 0.02, 0.2])
async def test_what_a_stall_missed_is_made_up_for(rate: int, stall: float) -> None:
    """The loop stands still now and then: only what is longer than 30 ms costs time, and nothing goes in a heap."""
    time, count = Time(), rate * 5
    pacer, went = paced(time, rate), list[float]()
    for number in range(count):
        pacer.grant(str(number))
        begun = await pacer.turn()
        pacer.over(begun)
        went.append(begun)
        if number % 50 == 0:
            time.now += stall
    lost = max(0.0, stall - 0.03) * count / 50
    assert went[-1] - went[0] <= (count / rate) * 1.025 + lost
    at_once = max(1, round(0.035 * rate)) + 1
    assert all(later - earlier > 0 for earlier, later in zip(went, went[at_once:], strict=False))


@dataclass
class Far:
    """A channel behind a network: it counts a message on its way, answers later; answers are heard when the sender sleeps."""

    time: Time
    limit: Window
    heard: list[tuple[float, int, float]] = field(default_factory=list[tuple[float, int, float]])
    counted: list[float] = field(default_factory=list[float])

    def take(self, begun: float, there: float, back: float) -> None:
        """A message on its way."""
        self.counted.append(begun + there)
        heappush(self.heard, (begun + there + back, len(self.counted), begun))

    def until(self, pacer: Pacer, moment: float) -> None:
        """Time passes; what is answered meanwhile is over."""
        while self.heard and self.heard[0][0] <= moment:
            self.time.now, _, begun = heappop(self.heard)
            pacer.over(begun)
        self.time.now = moment

    def refused(self) -> int:
        """How many the channel would have refused, in the order it saw them."""
        return sum(self.limit.wait(moment) > 0 for moment in sorted(self.counted))


@given(
    rate=st.sampled_from([5, 30, 200]),
    least=st.floats(0.0005, 0.2),
    late=st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=40),
    stalls=st.lists(st.floats(0, 0.3), min_size=1, max_size=20),
)
async def test_no_second_holds_more_than_the_limit_as_the_channel_counts(
    rate: int, least: float, late: list[tuple[float, float]], stalls: list[float]
) -> None:
    """However late each message comes there and its answer back: the strictest window refuses none."""
    time = Time()
    far = Far(time, Window(rate, growing=True))

    async def sleep(seconds: float) -> None:
        far.until(pacer, time.now + seconds)

    pacer = Pacer(rate, clock=time, sleep=sleep)
    far.take(time.now, least, least)  # one call as fast as the network is, so that the least is known
    pacer.grant("0")
    await pacer.turn()
    for number in range(1, rate * 4):
        pacer.grant(str(number))
        begun = await pacer.turn()
        there, back = late[number % len(late)]
        far.take(begun, least + there, least + back)
        if number % 17 == 0:
            far.until(pacer, time.now + stalls[number % len(stalls)])
    assert far.refused() == 0


async def test_a_chat_gets_one_a_second() -> None:
    """And is free again a little after."""
    time, limit = Time(), Window(1, 1.0)
    pacer = paced(time, per_chat=1)
    for _ in range(20):
        time.now += pacer.free_in("4001")
        pacer.grant("4001")
        await pacer.turn()
        pacer.sent("4001")
        pacer.over(time.now)
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
