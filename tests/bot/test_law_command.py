"""`phatngon law` answers a lawyer at the terminal: a deadline with its list, or one sentence that says what to mend."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.commands.law import app, report
from models.law import packs
from tests.models.law_samples import edited, sentences, shipped_book

NEW = "law/nd-244-2026.yaml"


def run(*words: str) -> Result:
    """One call of the sub-command."""
    return CliRunner().invoke(app, list(words))


def test_json_is_the_deadline_and_its_list() -> None:
    """Exactly due, counted and skipped, as scripts rely on."""
    result = run("due", "--pack", "nd-09-2017", "--clock", "RQ-02", "--start", "2026-04-24T10:00:00", "--json")
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert list(printed) == ["due", "counted", "skipped"]
    assert printed["due"] == "2026-05-05T00:00:00+07:00"
    assert set(printed["counted"][0]) == {"from", "to", "amount", "why"}


def test_people_read_the_name_the_deadline_and_the_days() -> None:
    """Without --json the answer is Vietnamese lines."""
    result = run("due", "--pack", "nd-244-2026", "--clock", "FP-01", "--start", "2026-11-19", "--unit", "so_y_te")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "FP-01 – Trả lời văn phòng báo chí nước ngoài thường trú (Bộ quy tắc Nghị định 244/2026)",
        "Hạn: hết thứ Sáu 27/11/2026 (24:00).",
    ]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-23T22:15:00+07:00", "2026-11-24T22:15:00+07:00"),
        ("2026-11-23T15:15:00Z", "2026-11-24T22:15:00+07:00"),
        ("2026-11-23 22:15", "2026-11-24T22:15:00+07:00"),
        ("2026-11-23", "2026-11-24T00:00:00+07:00"),
        (" 2026-11-23T22:15 ", "2026-11-24T22:15:00+07:00"),
    ],
)
def test_a_start_may_be_a_date_a_local_time_or_any_offset(start: str, due: str) -> None:
    """Without an offset it is Vietnamese time; a date alone is its midnight."""
    assert json.loads(run("due", "--pack", "nd-244-2026", "--clock", "EX-01", "--start", start, "--json").stdout)["due"] == due


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Hãy cho biết bộ quy tắc"),
        (["--pack", "nd-1-1999"], "Không có bộ quy tắc “nd-1-1999”; hiện có: nd-09-2017, nd-244-2026."),
        (["--pack", "nd-244-2026"], "Hãy cho biết thời hạn"),
        (["--pack", "nd-244-2026", "--clock", "XX-99"], "Bộ nd-244-2026 không có thời hạn “XX-99”; có: EX-01"),
        (["--pack", "nd-244-2026", "--clock", "EX-03"], "Bộ nd-244-2026 không có thời hạn EX-03: mốc 'từ khi xảy ra'"),
        (["--pack", "nd-244-2026", "--clock", "CR-03"], "đây là số lần đăng phản hồi"),
        (["--pack", "nd-244-2026", "--clock", "RQ-02"], "Hãy cho biết mốc bắt đầu"),
        (["--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "hôm qua"], "Không hiểu mốc bắt đầu “hôm qua”"),
        (["--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "2026-02-30"], "Không hiểu mốc bắt đầu"),
        (["--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "9999-12-31T23:59:59-11:00"], "Không hiểu mốc bắt đầu"),
        (["--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "9999-12-31"], "Mốc bắt đầu phải nằm trong các năm"),
        (["--pack", "nd-244-2026", "--clock", "CR-02.periodical", "--start", "2026-11-19"], "hạn là số báo gần nhất"),
    ],
)
def test_a_slip_is_answered_in_one_sentence(words: list[str], says: str) -> None:
    """One Vietnamese sentence on standard error, nothing on standard output, exit 1."""
    result = run("due", *words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_outside_the_validity_of_a_pack_it_counts_and_says_so() -> None:
    """Old files may be counted by new rules for comparison; JSON stays plain."""
    words = ["due", "--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "2026-06-30T23:59:59"]
    assert "ngoài hiệu lực của bộ này (01/7/2026 – nay)" in run(*words).stdout
    assert json.loads(run(*words, "--json").stdout)["due"] == "2026-07-04T00:00:00+07:00"
    data = ["due", "--pack", "nd-09-2017", "--clock", "PD-02"]
    assert "ngoài hiệu lực" in run(*data, "--start", "2025-12-31").stdout
    assert "ngoài hiệu lực" not in run(*data, "--start", "2026-01-01").stdout


def test_a_year_without_a_calendar_warns_beside_the_json() -> None:
    """The list stays readable by machines; the warning goes to standard error."""
    result = run("due", "--pack", "nd-244-2026", "--clock", "RQ-02", "--start", "2028-04-27", "--json")
    assert json.loads(result.stdout)["due"] == "2028-05-05T00:00:00+07:00"
    assert "lịch nghỉ năm 2028 chưa nhập" in result.stderr


def test_diff_is_a_dry_run(tmp_path: Path) -> None:
    """It names each change and the clocks that move, and says that nothing was applied."""
    changed = edited(tmp_path, NEW, ("amount: 15\n    measure: working_day", "amount: 10\n    measure: working_day"))
    result = run("diff", str(changed.path))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "So với nd-244-2026: 1 điểm khác.",
        "clocks › RP-02 › amount: “15” → “10”",
        "Thời hạn sẽ tính khác: RP-02.",
        "Đây là xem thử; chưa áp dụng gì.",
    ]
    assert "Không có gì khác nd-244-2026." in run("diff", str(edited(tmp_path, NEW, name="same.yaml").path)).stdout


def test_a_pack_of_a_new_name_is_compared_with_the_one_before_it(tmp_path: Path) -> None:
    """A decree that replaces 244/2026 is read against it, or against any other by name."""
    later = ("id: nd-244-2026", "id: nd-1-2030"), ("valid_from: 2026-07-01\nvalid_to", "valid_from: 2030-01-01\nvalid_to")
    path = str(edited(tmp_path, NEW, *later, name="nd-1-2030.yaml").path)
    assert run("diff", path).stdout.startswith("So với nd-244-2026: 2 điểm khác.")
    assert run("diff", path, "--against", "nd-09-2017").stdout.startswith("So với nd-09-2017:")
    assert "Không có bộ quy tắc “x”" in run("diff", path, "--against", "x").stderr


def test_the_offices_own_calendar_and_pin_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that keeps another day off counts by it; a pin nobody knows is named."""
    own = tmp_path / "content"
    own.mkdir()
    edited(own, "calendar.yaml", ('opens: "07:30", closes: "11:30"', 'opens: "08:00", closes: "11:30"'))
    words = ["due", "--pack", "nd-244-2026", "--clock", "LC-01", "--start", "2026-11-23T06:00", "--json"]
    assert json.loads(run(*words).stdout)["due"] == "2026-11-23T07:45:00+07:00"
    monkeypatch.setenv("PHATNGON_HOME", str(tmp_path))
    assert json.loads(run(*words).stdout)["due"] == "2026-11-23T08:15:00+07:00"
    monkeypatch.setenv("PHATNGON_LAW_PIN", "nd-1-1900")
    assert "LAW_PIN ghi “nd-1-1900”" in run(*words).stderr


@pytest.mark.parametrize("words", [[], ["không-có.yaml"]])
def test_diff_without_a_readable_file_says_so(words: list[str]) -> None:
    """No file, or one that is not there."""
    result = run("diff", *words)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1


def test_a_bad_pack_is_listed_line_by_line(tmp_path: Path) -> None:
    """The dry run shows every problem of the new file and compares nothing."""
    result = run("diff", str(edited(tmp_path, NEW, ("rounds: 2", "rounds: hai"), ("final: RQ-02", "finale: RQ-02")).path))
    assert result.exit_code == 1
    assert result.stderr.count("nd-244-2026.yaml:") == 3
    assert result.stdout == ""


def test_open_cases_are_counted_where_somebody_can_count_them(tmp_path: Path) -> None:
    """The number of open cases comes from the store; the report only asks for it by clock."""
    asked: list[frozenset[str]] = []

    def open_cases(clocks: frozenset[str]) -> int:
        asked.append(clocks)
        return 37

    new = packs.parse(edited(tmp_path, NEW, ("amount: 15\n    measure: working_day", "amount: 10\n    measure: working_day")))
    lines = report(shipped_book().pack("nd-244-2026"), new, sentences(), open_cases)
    assert lines[-1] == "37 hồ sơ đang mở sẽ đổi hạn; chưa áp dụng gì."
    assert asked == [frozenset({"RP-02"})]
