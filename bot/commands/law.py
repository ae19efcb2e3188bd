"""`phatngon law`: one deadline with its explanation, and the dry run of a changed law pack."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from bot import applying
from bot.database import Database
from bot.office import overlays_of
from bot.settings import Settings
from models import content
from models.clocks.deadline import Deadline, DeadlineState
from models.content import ContentProblem
from models.law import packs, ruling
from models.law.calendar import ZONE, Calendar, local
from models.law.counting import Uncountable, count
from models.law.explaining import date_text, due_json, explain, refusal_text
from models.schema import ContentProblems

_LISTED = 40  # changes named in the entry and to the officers

app = typer.Typer(help="Bộ quy tắc pháp luật: thời hạn, so sánh.", no_args_is_help=True, add_completion=False)


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
        raise stop(refusal_text(refusal, words)) from refusal
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
        raise stop(words["command.file_missing"])
    try:
        new = packs.parse(content.read(Path(file)))
    except (ContentProblem, ContentProblems) as problem:
        raise stop(str(problem)) from problem
    old = _baseline(new, against, words)
    running = asyncio.run(_running(old.id))

    def concerned(clocks: frozenset[str]) -> int:
        return len({code for clock_id, code in running or () if clock_id in clocks})

    for line in report(old, new, words, None if running is None else concerned):
        typer.echo(line)


@app.command("apply")
def put_into_force(
    files: Annotated[list[Path], typer.Argument(help="Tệp bộ quy tắc; bộ mới thay bộ cũ thì ghi cả tệp cũ đã có valid_to")],
) -> None:
    """Áp dụng bộ quy tắc: kiểm tra, ghi vào HOME/content/law, tính lại thời hạn đang chạy; có ghi nhật ký."""
    settings, words = Settings(), _sentences()
    try:
        new = {path: packs.parse(content.read(path)) for path in files}
        texts = {f"{ruling.LAW}/{_name(path, pack)}": path.read_text("utf-8") for path, pack in new.items()}
        applying.changed(settings, texts)
    except (ContentProblem, ContentProblems) as problem:
        raise stop(str(problem)) from problem
    lines = [line for pack in new.values() for line in report(_baseline(pack, "", words), pack, words)[:-1]]
    ids = ", ".join(pack.id for pack in new.values())
    title, why = words["command.applied_title"].format(pack=ids), words["command.applied_why"].format(pack=ids)
    source = ", ".join(path.name for path in files)
    answer = asyncio.run(applying.apply(settings, applying.Change("law", title, source, texts, lines[:_LISTED], why)))
    if not answer["ok"]:
        raise stop(words["command.not_applied"].format(problem=answer.get("problem", "")))
    for line in [*lines, words["command.applied"].format(pack=ids)]:
        typer.echo(line)


def _name(path: Path, pack: packs.LawPack) -> str:
    """The file a pack stands in already, so that it replaces the old one whatever its own name."""
    for document in content.documents(ruling.LAW, *_overlays()):
        if document.data.get("id") == pack.id:
            return document.path.name
    return path.name


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
    old: packs.LawPack, new: packs.LawPack, words: Mapping[str, str], open_cases: Callable[[frozenset[str]], int] | None = None
) -> list[str]:
    """What changing one pack for another means; `open_cases` counts the cases whose running clocks are among those that change."""
    changes = packs.diff(old, new)
    if not changes:
        return [words["command.diff_none"].format(pack=old.id)]
    lines = [words["command.diff_head"].format(pack=old.id, count=len(changes)), *(_change(change, words) for change in changes)]
    clocks = packs.clocks_changed(changes)
    if clocks:
        lines.append(words["command.diff_clocks"].format(clocks=", ".join(sorted(clocks))))
    lines.append(words["command.diff_cases"].format(count=open_cases(clocks)) if open_cases else words["command.diff_dry"])
    return lines


def _change(change: packs.Change, words: Mapping[str, str]) -> str:
    place = " › ".join(part for part in (change.section, change.item, change.field) if part)
    kind = "added" if change.before is None else "removed" if change.after is None else "changed"
    return words[f"command.diff_{kind}"].format(place=place, before=change.before, after=change.after)


def _baseline(new: packs.LawPack, against: str, words: Mapping[str, str]) -> packs.LawPack:
    """The pack of the same id; for a new id, the last one that began before it."""
    packs = _book().packs
    same = [pack for pack in packs if pack.id == (against or new.id)]
    earlier = [pack for pack in packs if not against and pack.valid_from < new.valid_from]
    if not (same or earlier):
        raise stop(words["command.pack_unknown"].format(pack=against or new.id, known=", ".join(pack.id for pack in packs)))
    return (same or earlier)[-1]


def _pack(name: str, words: Mapping[str, str]) -> packs.LawPack:
    book = _book()
    try:
        return book.pack(name)
    except packs.NoPack as missing:
        key = "command.pack_unknown" if name else "command.pack_missing"
        raise stop(words[key].format(pack=name, known=", ".join(missing.known))) from missing


def _clock(pack: packs.LawPack, name: str, words: Mapping[str, str]) -> packs.Clock:
    if found := pack.clock(name):
        return found
    known = ", ".join(clock.id for clock in pack.clocks)
    for absent in pack.clocks_absent:
        if absent.id == name:
            raise stop(words["command.clock_absent"].format(pack=pack.id, clock=name, why=absent.why))
    raise stop(words["command.clock_unknown" if name else "command.clock_missing"].format(pack=pack.id, clock=name, known=known))


def _moment(start: str, words: Mapping[str, str]) -> datetime:
    """A date or a date with its time; without an offset it is Vietnamese time."""
    if not start:
        raise stop(words["command.start_missing"])
    try:
        moment = datetime.fromisoformat(start.strip())
        return local(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
    except (ValueError, OverflowError) as error:
        raise stop(words["command.start_unreadable"].format(start=start)) from error


def _overlays() -> tuple[Path, ...]:
    """The office's own packs and calendar, laid over what ships."""
    return overlays_of(Settings())


def _book() -> packs.LawBook:
    try:
        return packs.LawBook.parse(content.documents("law", *_overlays()), Settings().law_pin or None)
    except (ContentProblem, ContentProblems) as problem:
        raise stop(str(problem)) from problem
    except packs.NoPack as missing:
        raise stop(_sentences()["command.pin_unknown"].format(pin=missing.wanted, known=", ".join(missing.known))) from missing


def _calendar() -> Calendar:
    try:
        added = ruling.local_days(content.document(ruling.LOCAL, *_overlays()))
        return Calendar.parse(content.document(ruling.CALENDAR, *_overlays())).with_days_off((day.date, day.name) for day in added)
    except (ContentProblem, ContentProblems) as problem:
        raise stop(str(problem)) from problem


def _sentences() -> Mapping[str, str]:
    try:
        return content.document("texts/vi/law.yaml").data
    except ContentProblem as problem:
        raise stop(str(problem)) from problem


def stop(sentence: str) -> typer.Exit:
    """One sentence on standard error; the caller raises what comes back."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)
