"""A changed calendar or law pack is applied: running clocks only become later, everybody concerned is told, each change is an entry."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from bot import applying
from bot.applying import Change
from bot.commands.line import app
from bot.control import Control, perform
from bot.story import Story
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.evidence.exchange import ExchangeEntry
from models.law import counting, ruling
from models.law.calendar import ZONE
from tests.chain import assert_chain
from tests.models.law_samples import edited
from tests.transcript import ASK, REGISTER, VERIFY, office, play, somebody_else

STORM = "days_off:\n  - {date: 2026-11-27, name: Nghỉ tránh bão}\n"


def day(text: str) -> datetime:
    """The midnight that ends a day."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


async def put(story: Story, **files: str) -> None:
    """Apply files of HOME/content, as the commands do."""
    app = story.app
    change = Change("calendar", "lịch nghỉ mới", "thử.yaml", files, ["27/11: nghỉ"], "lịch nghỉ thay đổi (27/11)")
    answer = await applying.apply(app.machine.settings, change, lambda wanted: perform(app, wanted))
    assert answer["ok"], answer
    await story._settle()  # pyright: ignore[reportPrivateUsage]


async def owed(story: Story) -> list[Deadline]:
    """What the cases owe, the oldest first; every explanation leads to its stored moment."""
    async with story.app.machine.database.read() as store:
        await assert_chain(store)
        found = (await store.scalars(select(Deadline).where(Deadline.target == Target.FINAL).order_by(col(Deadline.id)))).all()
    for clock in found:
        counted = story.app.machine.office.rules.counted(clock)
        assert counted is not None
        assert counting.add_up(counted) == counted.due
        assert clock.due_at is None or counted.due == clock.due_at
    return list(found)


async def test_a_holiday_added_while_clocks_run(tmp_path: Path) -> None:
    """Everybody who knew the old moment reads the new one; what has ended stays as it was; taking the day back takes nothing away."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            """
            y tế > $YC Có 12 người nhập viện.
            y tế > [Gửi câu trả lời]
            +31s
            """,
            ASK,
            """
            y tế < Câu hỏi mới
            y tế > [Tiếp nhận]
            """,
        )
        await put(story, **{ruling.LOCAL: STORM})
        await play(
            story,
            """
            phóng viên < Hạn trả lời $YC được tính lại: từ hết thứ Sáu 27/11/2026 sang hết thứ Hai 30/11/2026 | lịch nghỉ thay đổi (27/11)
            y tế < Hạn “Trả lời đề nghị thông thường” chuyển từ hết thứ Sáu 27/11/2026 sang hết thứ Hai 30/11/2026
            cán bộ < Đã áp dụng lịch nghỉ mới (thử.yaml) | 27/11: nghỉ | được tính lại: 1
            phóng viên > $YC
            phóng viên > [Vì sao hạn là vậy?]
            phóng viên < hết thứ Hai 30/11/2026 | Nghỉ tránh bão, không tính
            cán bộ > /nhatky $YC
            cán bộ < tính lại thời hạn vì lịch
            +5d
            """,
        )
        ended, running = await owed(story)
        assert (ended.state, ended.due_at) == (DeadlineState.SATISFIED, day("2026-11-28"))
        assert (running.state, running.due_at) == (DeadlineState.RUNNING, day("2026-12-01"))
        await put(story, **{ruling.LOCAL: "days_off: []\n"})
        assert [clock.due_at for clock in await owed(story)] == [day("2026-11-28"), day("2026-12-01")]
        async with story.app.machine.database.read() as store:
            actions = (await store.scalars(select(ExchangeEntry.action).where(col(ExchangeEntry.action).contains("recounted")))).all()
            applied = (await store.scalars(select(ExchangeEntry.action).where(ExchangeEntry.action == "rules.applied"))).all()
            late = (await store.scalars(select(ExchangeEntry.action).where(col(ExchangeEntry.action).contains("overdue")))).all()
        assert (actions, len(applied), late) == (["inquiry.recounted"], 2, [])


async def test_a_longer_limit_of_a_pack_moves_what_runs_a_shorter_one_does_not(tmp_path: Path) -> None:
    """The office's own limit becomes five days, then one: nobody is late by it, and the next question has the new limit."""
    name = "law/nd-244-2026.yaml"
    limit = 'trigger: received_at\n    amount: 3\n    measure: working_day\n    who: "đơn vị"'
    longer = edited(tmp_path, name, (limit, limit.replace("3", "5"))).path.read_text("utf-8")
    shorter = edited(tmp_path, name, (limit, limit.replace("3", "1"))).path.read_text("utf-8")
    async with office(tmp_path / "home", REGISTER, VERIFY, ASK) as story:
        await put(story, **{name: longer})
        (clock,) = await owed(story)
        assert clock.due_at == day("2026-12-02")
        await put(story, **{name: shorter})
        (clock,) = await owed(story)
        assert clock.due_at == day("2026-12-02")
        await play(story, somebody_else(REGISTER), VERIFY.replace("Phóng Viên Mẫu", "Người Khác Mẫu"), somebody_else(ASK))
        assert [clock.due_at for clock in await owed(story)] == [day("2026-12-02"), day("2026-11-26")]


async def command(*words: str) -> str:
    """A command with a thread and an event loop of its own: only the socket leads to the machine."""
    ran = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    assert ran.exit_code == 0, ran.output
    return ran.output


async def test_a_command_applies_while_the_machine_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`law apply`, then `calendar apply`, handed to the machine by its socket: clocks move, everybody is told, nobody is late."""
    limit = 'trigger: received_at\n    amount: 3\n    measure: working_day\n    who: "đơn vị"'
    pack = edited(tmp_path, "law/nd-244-2026.yaml", (limit, limit.replace("3", "4")), name="moi.yaml").path
    day_off = '- {date: 2026-11-27, dow: fri, kind: adjacent, vi: "Nghỉ tránh bão", en: "Storm", src: [S2026e]}\n      '
    days = edited(tmp_path, "calendar.yaml", ("- {date: 2026-11-24", f"{day_off}- {{date: 2026-11-24"), name="lich.yaml").path
    home = tmp_path / "home"
    monkeypatch.setenv("PHATNGON_HOME", str(home))
    async with office(home, REGISTER, VERIFY, ASK) as story:
        control = Control(story.app)
        await control.start()
        story.app.start(("dispatch", "send"))
        try:
            said = await command("law", "apply", str(pack))
            assert ("RQ-02 › amount: “3” → “4”" in said, "Đã áp dụng nd-244-2026" in said) == (True, True), said
            (clock,) = await owed(story)
            assert clock.due_at == day("2026-12-01")
            said = await command("calendar", "apply", str(days))
            assert ("27/11/2026: nghỉ – Nghỉ tránh bão" in said, "Đã áp dụng" in said) == (True, True), said
        finally:
            await story.app.machine.watch.stop()
            await control.stop()
        await story._settle()  # pyright: ignore[reportPrivateUsage]
        await play(
            story,
            """
            phóng viên < từ hết thứ Sáu 27/11/2026 sang hết thứ Hai 30/11/2026
            phóng viên < từ hết thứ Hai 30/11/2026 sang hết thứ Ba 01/12/2026
            y tế < chuyển từ hết thứ Sáu 27/11/2026 sang hết thứ Hai 30/11/2026
            y tế < chuyển từ hết thứ Hai 30/11/2026 sang hết thứ Ba 01/12/2026
            cán bộ < Đã áp dụng | moi.yaml | được tính lại: 1
            cán bộ < Đã áp dụng | lich.yaml | được tính lại: 1
            phóng viên > $YC
            phóng viên > [Vì sao hạn là vậy?]
            phóng viên < hết thứ Ba 01/12/2026 | Nghỉ tránh bão, không tính
            +8d
            """,
        )
        (clock,) = await owed(story)
        assert (clock.state, clock.due_at) == (DeadlineState.RUNNING, day("2026-12-02"))
        async with story.app.machine.database.read() as store:
            late = (await store.scalars(select(ExchangeEntry.action).where(col(ExchangeEntry.action).contains("overdue")))).all()
        assert late == []


async def test_what_cannot_be_applied_leaves_the_old_file(tmp_path: Path) -> None:
    """The machine did not take it: the file stands as it was, and nothing is counted anew."""

    async def unwilling(_wanted: object) -> dict[str, object]:
        return {"ok": False, "problem": "bận"}

    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await put(story, **{ruling.LOCAL: "days_off: []\n"})
        change = Change("calendar", "", "", {ruling.LOCAL: STORM, "law/khac.yaml": "id: x\n"}, [], "")
        with pytest.raises(Exception, match=r"khac\.yaml"):
            applying.changed(story.app.machine.settings, change.files)
        change = Change("calendar", "", "", {ruling.LOCAL: STORM, "notes.yaml": "a: b\n"}, [], "")
        assert not (await applying.apply(story.app.machine.settings, change, unwilling))["ok"]
        assert (tmp_path / "content" / ruling.LOCAL).read_text("utf-8") == "days_off: []\n"
        assert not (tmp_path / "content" / "notes.yaml").exists()
        assert (await owed(story))[0].due_at == day("2026-11-28")


def terminal(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Callable[..., tuple[int, str]], list[Mapping[str, Any]]]:
    """The commands of one installation, and what they hand to its machine."""
    handed: list[Mapping[str, Any]] = []

    async def taken(_settings: object, wanted: Mapping[str, Any]) -> dict[str, object]:
        handed.append(wanted)
        return {"ok": True}

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(words))
        return result.exit_code, result.output

    monkeypatch.setenv("PHATNGON_HOME", str(home))
    monkeypatch.setattr(applying, "ask", taken)
    return run, handed


def test_days_off_at_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An .ics file is looked at first; a day typed counts from the next minute; a file that is none says so."""
    run, handed = terminal(tmp_path / "home", monkeypatch)
    ics = tmp_path / "lich.ics"
    ics.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261201\nSUMMARY:Ngày truyền thống\nEND:VEVENT\n"
        "BEGIN:VEVENT\nDTSTART:20261202T080000Z\nSUMMARY:Họp\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert run("calendar", "import", str(ics))[1].splitlines() == [
        "Không nhập, cán bộ xem lại: Họp (lặp lại hoặc có giờ)",
        "01/12/2026: nghỉ – Ngày truyền thống",
        "0 thời hạn đang chạy sẽ muộn hơn; chưa áp dụng gì.",
    ]
    assert not (tmp_path / "home" / "content").exists()
    assert "Đã áp dụng" in run("calendar", "import", str(ics), "--yes")[1]
    assert "27/11/2026: nghỉ – Nghỉ tránh bão" in run("calendar", "add", "27/11/2026", "Nghỉ tránh bão")[1]
    kept = (tmp_path / "home" / "content" / ruling.LOCAL).read_text("utf-8")
    assert kept == "days_off:\n- date: 2026-11-27\n  name: Nghỉ tránh bão\n- date: 2026-12-01\n  name: Ngày truyền thống\n"
    assert [wanted["changes"] for wanted in handed] == [["01/12/2026: nghỉ – Ngày truyền thống"], ["27/11/2026: nghỉ – Nghỉ tránh bão"]]
    assert handed[1]["texts"][ruling.LOCAL] == kept
    assert "Không có ngày nào đổi" in run("calendar", "import", str(ics), "--yes")[1]
    code, said = run("calendar", "import", str(tmp_path / "không-có.ics"))
    assert (code, "không phải tệp iCalendar" in said) == (1, True)


def test_a_corrected_calendar_and_a_new_pack_at_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at, then applied; a pack goes where the pack of its id stands, and one that overlaps another is refused."""
    home = tmp_path / "home"
    run, handed = terminal(home, monkeypatch)
    assert run("calendar", "diff")[1].splitlines()[0] == "Không có ngày nào đổi."
    later = edited(tmp_path, "calendar.yaml", ("      - {date: 2026-11-24", "      # {date: 2026-11-24"), name="moi.yaml").path
    assert run("calendar", "diff", str(later))[1].splitlines()[0] == "24/11/2026: làm việc – Thứ Ba"
    assert "Đã áp dụng" in run("calendar", "apply", str(later))[1]
    assert (home / "content" / ruling.CALENDAR).read_text("utf-8") == later.read_text("utf-8")
    limit = "amount: 15\n    measure: working_day"
    changed = edited(tmp_path, "law/nd-244-2026.yaml", (limit, limit.replace("15", "10")), name="moi2.yaml")
    said = run("law", "apply", str(changed.path))[1]
    assert "clocks › RP-02 › amount: “15” → “10”" in said
    assert "Đã áp dụng nd-244-2026" in said
    assert (home / "content" / "law" / "nd-244-2026.yaml").is_file()
    assert handed[-1]["what"] == "law"
    overlapping = edited(tmp_path, "law/nd-244-2026.yaml", ("id: nd-244-2026", "id: nd-1-2030"), name="nd-1-2030.yaml")
    code, said = run("law", "apply", str(overlapping.path))
    assert (code, "hiệu lực chồng lên" in said) == (1, True)
    assert not (home / "content" / "law" / "nd-1-2030.yaml").exists()
