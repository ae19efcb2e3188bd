"""`phatngon law`: one deadline with its explanation, and the dry run of a changed law pack."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from bot.database import Database
from bot.office import overlays_of
from bot.settings import Settings
from models import content, law
from models.calendar import ZONE, Calendar, local
from models.content import ContentProblem
from models.counting import Uncountable, count
from models.deadline import Deadline, DeadlineState
from models.explaining import date_text, due_json, explain, refusal_text
from models.schema import ContentProblems

app = typer.Typer(help="Thời hạn và bộ quy tắc pháp luật.", no_args_is_help=True)


@app.command()
def due(
    pack: Annotated[str, typer.Option(help="Bộ quy tắc, ví dụ nd-244-2026.")] = "",
    clock: Annotated[str, typer.Option(help="Thời hạn, ví dụ RQ-02.")] = "",
    start: Annotated[str, typer.Option(help="Mốc bắt đầu: ngày hoặc ngày giờ; không ghi múi giờ là giờ Việt Nam.")] = "",
    unit: Annotated[str, typer.Option(help="Đơn vị, để dùng giờ làm việc riêng.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Tính một thời hạn và giải thích từng giờ, từng ngày."""
    words = _sentences()
    rules = _pack(pack, words)
    chosen, moment = _clock(rules, clock, words), _moment(start, words)
    calendar = _calendar()
    try:
        counted = count(chosen, moment, calendar, calendar.office_hours(unit))
    except Uncountable as refusal:
        raise _stop(refusal_text(refusal, words)) from refusal
    if as_json:
        typer.echo(json.dumps(due_json(counted, words), ensure_ascii=False, indent=2))
        if counted.unknown_years:
            typer.echo(words["unknown_years"].format(years=", ".join(map(str, counted.unknown_years))), err=True)
        return
    typer.echo(f"{chosen.id} – {chosen.label} ({rules.title})")
    typer.echo("\n".join(explain(counted, words, calendar)))
    first, last = chosen.valid_from or rules.valid_from, rules.valid_to
    if not first <= counted.start.date() <= (last or date.max):
        typer.echo(words["command.outside"].format(first=date_text(first), last=date_text(last) if last else words["command.open_end"]))


@app.command("diff")
def compare(
    file: Annotated[str, typer.Argument(help="Tệp bộ quy tắc mới.")] = "",
    against: Annotated[str, typer.Option(help="So với bộ này; mặc định là bộ cùng id.")] = "",
) -> None:
    """Xem thử: tệp bộ quy tắc mới khác bộ đang dùng ở đâu; không áp dụng gì."""
    words = _sentences()
    if not file:
        raise _stop(words["command.file_missing"])
    try:
        new = law.parse(content.read(Path(file)))
    except (ContentProblem, ContentProblems) as problem:
        raise _stop(str(problem)) from problem
    old = _baseline(new, against, words)
    running = asyncio.run(_running(old.id))

    def concerned(clocks: frozenset[str]) -> int:
        return len({code for clock_id, code in running or () if clock_id in clocks})

    for line in report(old, new, words, None if running is None else concerned):
        typer.echo(line)


async def _running(pack: str) -> set[tuple[str, str]] | None:
    """The clocks of a pack that run, with their cases; None where this installation has no database yet."""
    settings = Settings()
    if not settings.database_url and not (settings.home / "phatngon.db").is_file():
        return None
    database = Database(settings.database)
    try:
        async with database.read() as store:
            found = await store.execute(
                select(Deadline.clock_id, Deadline.case_code)
                .where(Deadline.pack_id == pack, col(Deadline.state).in_([DeadlineState.RUNNING, DeadlineState.PAUSED]))
                .distinct()
            )
            return {(str(clock_id), str(code)) for clock_id, code in found.all()}
    finally:
        await database.dispose()


def report(
    old: law.LawPack, new: law.LawPack, words: Mapping[str, str], open_cases: Callable[[frozenset[str]], int] | None = None
) -> list[str]:
    """What changing one pack for another means; `open_cases` counts the cases whose running clocks are among those that change."""
    changes = law.diff(old, new)
    if not changes:
        return [words["command.diff_none"].format(pack=old.id)]
    lines = [words["command.diff_head"].format(pack=old.id, count=len(changes)), *(_change(change, words) for change in changes)]
    clocks = law.clocks_changed(changes)
    if clocks:
        lines.append(words["command.diff_clocks"].format(clocks=", ".join(sorted(clocks))))
    lines.append(words["command.diff_cases"].format(count=open_cases(clocks)) if open_cases else words["command.diff_dry"])
    return lines


def _change(change: law.Change, words: Mapping[str, str]) -> str:
    place = " › ".join(part for part in (change.section, change.item, change.field) if part)
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    return words[f"command.diff_{kind}"].format(place=place, before=change.before, after=change.after)


def _baseline(new: law.LawPack, against: str, words: Mapping[str, str]) -> law.LawPack:
    """The pack of the same id; for a new id, the last one that began before it."""
    packs = _book().packs
    same = [pack for pack in packs if pack.id == (against or new.id)]
    earlier = [pack for pack in packs if not against and pack.valid_from < new.valid_from]
    if not (same or earlier):
        raise _stop(words["command.pack_unknown"].format(pack=against or new.id, known=", ".join(pack.id for pack in packs)))
    return (same or earlier)[-1]


def _pack(name: str, words: Mapping[str, str]) -> law.LawPack:
    book = _book()
    try:
        return book.pack(name)
    except law.NoPack as missing:
        key = "command.pack_unknown" if name else "command.pack_missing"
        raise _stop(words[key].format(pack=name, known=", ".join(missing.known))) from missing


def _clock(pack: law.LawPack, name: str, words: Mapping[str, str]) -> law.Clock:
    if found := pack.clock(name):
        return found
    known = ", ".join(clock.id for clock in pack.clocks)
    for absent in pack.clocks_absent:
        if absent.id == name:
            raise _stop(words["command.clock_absent"].format(pack=pack.id, clock=name, why=absent.why))
    raise _stop(words["command.clock_unknown" if name else "command.clock_missing"].format(pack=pack.id, clock=name, known=known))


def _moment(start: str, words: Mapping[str, str]) -> datetime:
    """A date or a date with its time; without an offset it is Vietnamese time."""
    if not start:
        raise _stop(words["command.start_missing"])
    try:
        moment = datetime.fromisoformat(start.strip())
        return local(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
    except (ValueError, OverflowError) as error:
        raise _stop(words["command.start_unreadable"].format(start=start)) from error


def _overlays() -> tuple[Path, ...]:
    """The office's own packs and calendar, laid over what ships."""
    return overlays_of(Settings())


def _book() -> law.LawBook:
    try:
        return law.LawBook.parse(content.documents("law", *_overlays()), Settings().law_pin or None)
    except (ContentProblem, ContentProblems) as problem:
        raise _stop(str(problem)) from problem
    except law.NoPack as missing:
        raise _stop(_sentences()["command.pin_unknown"].format(pin=missing.wanted, known=", ".join(missing.known))) from missing


def _calendar() -> Calendar:
    try:
        return Calendar.parse(content.document("calendar.yaml", *_overlays()))
    except (ContentProblem, ContentProblems) as problem:
        raise _stop(str(problem)) from problem


def _sentences() -> Mapping[str, str]:
    try:
        return content.document("texts/vi/law.yaml").data
    except ContentProblem as problem:
        raise _stop(str(problem)) from problem


def _stop(sentence: str) -> typer.Exit:
    """One sentence on standard error; the caller raises what comes back."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)
