"""The bad input that clocks, mandates and evidence must survive: one table, each line with the tests that try it.

What no other test tries is tried below.
"""

import importlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.inbox import keep
from models.clocks.deadline import Deadline, Target
from models.directory.unit import Unit
from models.errors import Refusal
from models.evidence.exchange import ExchangeEntry
from models.law.calendar import ZONE
from models.messages.message import Alarm
from models.people.authorising import Span
from tests.chain import assert_chain
from tests.models.law_samples import shipped_book
from tests.transcript import ASK, PDF, REGISTER, VERIFY, office, play

NOW = datetime(2026, 11, 23, 8, tzinfo=ZONE)

TRIED = {
    "a deadline before receipt": [
        "handlers.test_asking:test_their_own_deadline",
        "handlers.test_units_together:test_input_of_another_unit",
        "models.casework.test_matter:test_times_that_cannot_be",
    ],
    "an authorisation longer than its matter": [
        "test_bad_input_of_the_law:test_how_long_an_authorisation_may_last",
        "handlers.test_authorising:test_the_head_authorises_for_one_case",
    ],
    "a mandate for a unit that ended": ["handlers.test_authorising:test_an_ended_unit_authorises_nobody"],
    "a head granting to themself": ["handlers.test_authorising:test_what_an_authorisation_may_not_be"],
    "a grantee granting": ["handlers.test_authorising:test_the_head_authorises_for_one_case"],
    "an answer to a closed case": [
        "handlers.test_the_unit:test_refusing_on_a_ground_with_a_reason",
        "handlers.test_answering:test_one_answer_at_a_time",
    ],
    "two approvals at once": ["handlers.test_approving:test_two_approve_at_once_and_one_wins"],
    "a clock that jumps": [
        "test_bad_input_of_the_law:test_the_servers_clock_jumps_back_and_forth",
        "models.clocks.test_ladder:test_after_a_standstill_nobody_is_reminded_of_what_is_over",
    ],
    "a server in another time zone": [
        "models.law.test_counting:test_the_servers_own_time_zone_changes_nothing",
        "models.clocks.test_deadline:test_the_last_second_decides_the_pack",
    ],
    "a case opened at 23:59:59 on 30 June 2026": ["models.clocks.test_deadline:test_the_last_second_decides_the_pack"],
    "a case opened at 23:59:59 on 14 December": [
        "models.clocks.test_deadline:test_the_last_second_decides_the_pack",
        "models.reports.test_windows:*",
    ],
    "a holiday added while a clock runs": ["bot.test_applying:test_a_holiday_added_while_clocks_run"],
    "a reason of “không”": [
        "handlers.test_complaints:test_a_refusal_is_reviewed_and_lifted",
        "handlers.test_approving:test_given_back_rewritten_approved_and_sent_by_the_author",
    ],
    "a PDF named .jpg": ["test_bad_input_of_the_law:test_a_file_is_what_it_is_and_not_what_it_is_called"],
    "an export interrupted midway": [
        "bot.test_dossier_kinds:test_an_interrupted_export_leaves_nothing",
        "bot.test_reports:test_an_interrupted_report_leaves_the_old_file",
    ],
    "a pack with two overlapping validities": [
        "models.law.test_law:test_two_packs_may_not_hold_on_one_day",
        "bot.test_applying:test_a_corrected_calendar_and_a_new_pack_at_the_terminal",
    ],
}


@pytest.mark.parametrize("said", TRIED)
def test_every_line_of_the_table_is_tried(said: str) -> None:
    """A test that was renamed or taken away is missed here."""
    for named in TRIED[said]:
        module, _, name = named.partition(":")
        found = importlib.import_module(f"tests.{module}")
        assert name == "*" or hasattr(found, name), named


SPANS = [  # from, to (days from now), the unit's last day, what is said
    (0, 7, None, None),
    (0, 31, None, None),  # thirty days and the rest of the first
    (0, 31.01, None, "authorise.too_long"),
    (0, 400, None, "authorise.too_long"),
    (1, 1, None, "authorise.ends_before"),
    (3, 2, None, "authorise.ends_before"),
    (-3, 0, None, "authorise.ends_before"),  # over already
    (0, 7, 7, None),
    (0, 8, 7, "authorise.beyond_unit"),
]


@pytest.mark.parametrize("pack", ["nd-09-2017", "nd-244-2026"])
@pytest.mark.parametrize(("start", "end", "unit_ends", "said"), SPANS)
def test_how_long_an_authorisation_may_last(pack: str, start: float, end: float, unit_ends: int | None, said: str | None) -> None:
    """Within the office's own bound, not backwards, not beyond its unit; that it ends with its matter is `test_authorising`'s."""
    until = NOW + timedelta(days=unit_ends) if unit_ends is not None else None
    unit = Unit(id="so_y_te", name_vi="Sở Y tế", kind="department", valid_to=until)
    span = Span(NOW + timedelta(days=start), NOW + timedelta(days=end))
    if said is None:
        span.check(shipped_book().pack(pack), unit, NOW)
        return
    with pytest.raises(Refusal) as refused:
        span.check(shipped_book().pack(pack), unit, NOW)
    assert refused.value.key == said


async def test_the_servers_clock_jumps_back_and_forth(tmp_path: Path) -> None:
    """Three hours back, two days ahead: nothing is lost or said twice, the promised moment stands, the log verifies."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(story, "+4h")
        story.time.moment -= timedelta(hours=3)
        await play(
            story,
            """
            y tế > [Tiếp nhận]
            y tế < Thời hạn: hết thứ Sáu 27/11/2026
            phóng viên > $YC Xin bổ sung: có trẻ em nào không?
            y tế < có trẻ em nào không
            +2d
            y tế > $YC Có 12 người nhập viện.
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < 12 người
            """,
        )
        async with story.app.machine.database.read() as store:
            await assert_chain(store)
            clock = await store.scalar(select(Deadline).where(Deadline.target == Target.FINAL))
            told = (await store.scalars(select(ExchangeEntry.action).where(col(ExchangeEntry.action).in_(["inquiry.overdue"])))).all()
            rung = (await store.scalars(select(Alarm.due_at).where(Alarm.action == "clock.ring"))).all()
        assert clock is not None
        assert clock.due_at == datetime(2026, 11, 28, tzinfo=ZONE)
        assert clock.ended_at is not None
        assert not told
        assert rung


async def test_a_file_is_what_it_is_and_not_what_it_is_called(tmp_path: Path) -> None:
    """A PDF named .jpg is kept, shown and handed on as the PDF it is."""
    async with office(tmp_path) as story:
        for name, kind in (("anh.jpg", "application/pdf"), ("van-ban.pdf", "application/pdf"), ("anh.exe", "application/pdf")):
            kept: Any = await keep(story.app.machine, PDF, name)
            assert kept.media_type == kind
