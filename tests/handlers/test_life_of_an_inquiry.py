"""The life of an inquiry, whatever order people do things in: the log, the clock and the case always agree."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, select

from bot.story import Cast, Story
from models.casework.answer import Answer, AnswerState
from models.casework.inquiry import OPEN, Inquiry, InquiryState
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.evidence.exchange import ExchangeEntry
from models.messages.message import InboxMessage, InboxState
from models.store import Store
from tests.chain import assert_chain
from tests.transcript import ASK, REGISTER, VERIFY, office, somebody_else

T = TypeVar("T")
NOTE = "ghi chú chỉ trong nội bộ"
CLOCKS = {
    InquiryState.CLARIFYING: {DeadlineState.PAUSED, DeadlineState.RUNNING},  # a clock that has run out is not paused
    InquiryState.ANSWERED: {DeadlineState.SATISFIED},
    InquiryState.REFUSED: {DeadlineState.SATISFIED},
    InquiryState.WITHDRAWN: {DeadlineState.STOPPED},
}


class LifeOfAnInquiry(RuleBasedStateMachine):
    """A reporter, two units, an officer and a clock, each doing something sensible or not."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        self.home = Path(tempfile.mkdtemp(prefix="phatngon-life-"))
        self.said: list[str] = []

    @initialize()
    def an_office_and_a_question(self) -> None:
        """A verified reporter has asked."""
        stage = office(self.home / "home", REGISTER, VERIFY, somebody_else(REGISTER), ASK)
        self.story: Story = self.wait(self.stack.enter_async_context(stage))
        self.code = self.story.codes["$YC"]

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end."""
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        """Close everything."""
        self.wait(self.stack.aclose())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def tap(self, who: str, action: str, *then: str) -> None:
        """Tap an action about the case, then say the rest."""
        person = self.story.person(who)
        self.wait(self.story._put(person, {"kind": "choice", "choice": f"{action}:{self.code}"}, action))  # pyright: ignore[reportPrivateUsage]
        for words in then:
            self.say(person, words)

    def say(self, person: Cast, words: str) -> None:
        """Words, or a label typed by hand."""
        self.wait(self.story.say(person, words))

    @rule()
    def acknowledge(self) -> None:
        """The unit has it."""
        for who in ("y tế", "xây dựng"):
            self.tap(who, "desk.acknowledge")

    @rule(who=st.sampled_from(["y tế", "xây dựng", "cán bộ"]))
    def answer(self, who: str) -> None:
        """Somebody writes and confirms."""
        self.tap(who, "answer.begin", "Có 12 người nhập viện.", "Gửi câu trả lời")

    @rule(who=st.sampled_from(["y tế", "xây dựng"]))
    def undo(self, who: str) -> None:
        """Somebody takes the last confirmation back."""
        self.say(self.story.person(who), "Hoàn tác")

    @rule(who=st.sampled_from(["y tế", "xây dựng"]))
    def ask_back(self, who: str) -> None:
        """The unit needs to know more."""
        self.tap(who, "clarify.begin", "Anh/chị hỏi về trường nào?")

    @rule(who=st.sampled_from(["y tế", "xây dựng"]))
    def refuse(self, who: str) -> None:
        """The unit refuses on a ground."""
        self.tap(who, "refuse.begin", "Căn cứ b", "Vụ việc đang được điều tra.", "Gửi thông báo từ chối")

    @rule(there=st.sampled_from([("y tế", "Sở Xây dựng"), ("xây dựng", "Sở Y tế")]))
    def transfer(self, there: tuple[str, str]) -> None:
        """The unit says it is not theirs."""
        self.tap(there[0], "transfer.begin", there[1].lower(), there[1], "Nội dung thuộc thẩm quyền đơn vị kia.")

    @rule(unit=st.sampled_from(["Sở Y tế", "Sở Xây dựng"]))
    def reassign(self, unit: str) -> None:
        """An officer moves it."""
        self.tap("cán bộ", "officer.assign", unit.lower(), unit, "Điều chuyển theo phân công mới.")

    @rule(who=st.sampled_from(["y tế", "xây dựng"]))
    def extend(self, who: str) -> None:
        """More time."""
        self.tap(who, "extend.begin", "3 ngày làm việc", "Chờ kết quả xét nghiệm.")

    @rule(who=st.sampled_from(["y tế", "xây dựng", "cán bộ"]))
    def note(self, who: str) -> None:
        """A word among colleagues."""
        self.tap(who, "note.begin", NOTE)

    @rule()
    def follow_up(self) -> None:
        """The reporter adds something, or clarifies."""
        self.say(self.story.person("phóng viên"), f"{self.code} Xin bổ sung một ý.")

    @rule(number=st.integers(0, 3))
    def edit(self, number: int) -> None:
        """The reporter says something differently."""
        self.wait(self.story.edit(self.story.person("phóng viên"), "Bao nhiêu người", f"Bao nhiêu học sinh nhập viện, lần {number}?"))

    @rule(sure=st.booleans())
    def withdraw(self, sure: bool) -> None:
        """The reporter takes it back, or nearly."""
        self.tap("phóng viên", "case.withdraw", "Rút" if sure else "Giữ nguyên")

    @rule(level=st.sampled_from(["clear", "partial"]))
    def rate(self, level: str) -> None:
        """The reporter rates."""
        person = self.story.person("phóng viên")
        self.wait(self.story._put(person, {"kind": "choice", "choice": f"case.rate:{self.code}:{level}"}, ""))  # pyright: ignore[reportPrivateUsage]
        self.say(person, "Bỏ qua")

    @rule(who=st.sampled_from(["người khác", "khách"]), how=st.sampled_from(["", " cho xem"]))
    def pry(self, who: str, how: str) -> None:
        """Somebody else tries the code."""
        self.say(self.story.person(who), self.code + how)

    @rule(who=st.sampled_from(["phóng viên", "y tế", "xây dựng", "cán bộ"]))
    def leave(self, who: str) -> None:
        """Somebody leaves whatever they began."""
        self.say(self.story.person(who), "/huy")

    @rule(span=st.sampled_from([timedelta(seconds=10), timedelta(seconds=31), timedelta(hours=5), timedelta(days=2)]))
    def time_passes(self, span: timedelta) -> None:
        """Alarms ring."""
        self.wait(self.story.wait(span))

    @precondition(lambda self: hasattr(self, "story"))
    @invariant()
    def everything_agrees(self) -> None:
        """The log explains the case, the clock fits its state, and nothing reached anybody it is not for."""
        self.wait(self._look())

    async def _look(self) -> None:
        async with self.story.app.machine.database.read() as store:
            case = await store.get(Inquiry, self.code)
            assert case is not None
            entries = [e for e in await assert_chain(store) if e.case_code == self.code]
            await self._clock_fits(store, case)
            await self._one_answer_at_most(store, case, entries)
            undone = await store.scalar(select(InboxMessage.id).where(col(InboxMessage.state) != InboxState.DONE).limit(1))
            assert undone is None
        self._nothing_leaks()

    async def _clock_fits(self, store: Store, case: Inquiry) -> None:
        every = (await store.scalars(select(Deadline).where(Deadline.case_code == case.code).order_by(col(Deadline.id)))).all()
        clocks = [c for c in every if c.target is Target.FINAL]
        own = [c for c in every if c.target is not Target.FINAL and c.state is DeadlineState.RUNNING]
        assert len(own) <= (2 if case.state in OPEN else 0), "each of the office's own targets runs once, and ends with the case"
        assert clocks[-1].state in CLOCKS.get(case.state, {DeadlineState.RUNNING}), (case.state, clocks[-1].state)
        assert all(c.state is DeadlineState.SATISFIED for c in clocks[:-1])
        assert (case.ended_at is None) == (case.state in OPEN)

    async def _one_answer_at_most(self, store: Store, case: Inquiry, entries: list[ExchangeEntry]) -> None:
        answers = (await store.scalars(select(Answer).where(Answer.case_code == case.code))).all()
        assert sum(a.state is AnswerState.CONFIRMED for a in answers) <= 1
        actions = [e.action for e in entries]
        sent = sum(a.state is AnswerState.SENT for a in answers)
        assert sent == actions.count("inquiry.answered")
        told = sum("Trả lời chính thức" in m.text for m in self.story.person("phóng viên").told)
        assert told == sent
        ends = {
            "inquiry.answered": InquiryState.ANSWERED,
            "inquiry.refused": InquiryState.REFUSED,
            "inquiry.withdrawn": InquiryState.WITHDRAWN,
        }
        if case.state in ends.values():
            assert ends[next(a for a in reversed(actions) if a in ends)] is case.state

    def _nothing_leaks(self) -> None:
        for name in ("phóng viên", "người khác", "khách"):
            for message in self.story.person(name).told:
                assert NOTE not in message.text
                assert name == "phóng viên" or "ngộ độc" not in message.text


def test_the_life_of_an_inquiry() -> None:
    """Some lives, quickly; `./run soak` tries many more."""
    quick = settings(
        max_examples=6,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # a failure prints its steps; shrinking them is for a patient hand
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(LifeOfAnInquiry, settings=quick)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_many_lives() -> None:
    """More lives, longer ones, never the same; a failure is made as short as it can be."""
    patient = settings(
        max_examples=150,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        print_blob=True,
    )
    run_state_machine_as_test(LifeOfAnInquiry, settings=patient)
