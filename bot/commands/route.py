"""`phatngon route`: which unit must answer a question, and why – for one question or a file of them."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import col, select

from bot import routing
from bot.database import Database
from bot.settings import Settings
from models.directory import lesson, unit
from models.evidence.item import Item, ItemKind
from models.routing import register
from models.routing.learned import Counts, Learned
from models.routing.proposal import Proposal
from models.routing.router import Router
from models.routing.rules import preview

HANOI = timezone(timedelta(hours=7))


def route(
    text: Annotated[str | None, typer.Argument(help="Câu hỏi như phóng viên gõ", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help='Tệp JSON từng dòng: {"id", "text"}', show_default=False)] = None,
    semantic: Annotated[bool | None, typer.Option("--semantic/--no-semantic", help="Mặc định: dùng khi đã cài", show_default=False)] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Theo bộ máy của ngày này", show_default=False)] = None,
    sender: Annotated[str | None, typer.Option("--sender", help="Người gửi: reporter, citizen…", show_default=False)] = None,
    learned: Annotated[bool, typer.Option("--learned", help="Liệt kê kinh nghiệm đang dùng")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Mỗi quy tắc sẽ chạm vào câu hỏi nào: trong --file, hoặc các câu đã nhận")] = False,
) -> None:
    """Đề xuất đơn vị phải trả lời một câu hỏi, kèm lý do."""
    kept = asyncio.run(office_kept(Settings()))
    if learned:
        print("\n".join(learned_lines(kept)) or "Chưa có kinh nghiệm nào.")
        return
    if not rules and (text is None) == (file is None):
        raise typer.BadParameter("cần một câu hỏi, hoặc --file TỆP")
    day = on.date() if on is not None else today()
    router = routing.build(day, loader=kept.loader, semantic=False if rules else semantic, counts=kept.counts, cache=cache_folder())
    if rules:
        print("\n".join(rule_lines(router, [text for _, text in cases_of(file)] if file is not None else kept.questions)))
        return
    if file is not None:
        answer_file(router, file, sender)
    elif text is not None:
        print(explained(router.route(text, sender)))


def today() -> date:
    """The day in the province."""
    return datetime.now(UTC).astimezone(HANOI).date()


def cache_folder() -> Path:
    """Where embeddings of the directory are kept between runs."""
    home = os.environ.get("PHATNGON_HOME")
    return Path(home) / "cache" if home else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phatngon"


@dataclass(frozen=True)
class Kept:
    """What the office's own database knows; without one, what ships."""

    loader: routing.Loader = routing.shipped_units
    counts: Counts = field(default_factory=dict[tuple[str, str], Learned])
    questions: Sequence[str] = ()


async def office_kept(settings: Settings) -> Kept:
    """The directory, lessons and past questions of this installation; its empty or missing database is no obstacle."""
    if not settings.database_url and not (settings.home / "phatngon.db").is_file():
        return Kept()
    database = Database(settings.database)
    try:
        async with database.read() as store:
            units = register.read(await unit.every(store), routing.shipped_units(), settings.zone)
            counts = await lesson.counts(store, settings.zone)
            asked = await store.scalars(select(Item.text).where(Item.kind == ItemKind.QUESTION, col(Item.text).is_not(None)).limit(5_000))
            known = await unit.units(store, datetime.now(UTC))
            return Kept((lambda: units) if known else routing.shipped_units, counts, [text for text in asked.all() if text])
    except (OperationalError, ProgrammingError):  # a database of another age: `phatngon migrate` brings it up to date
        return Kept()
    finally:
        await database.dispose()


def learned_lines(kept: Kept) -> list[str]:
    """What was learned, the most often confirmed first."""
    ordered = sorted(kept.counts.items(), key=lambda pair: (-pair[1].count, pair[0]))
    return [f"{found.count:4} × {concept} → {unit}  ({found.first:%d/%m/%Y} – {found.last:%d/%m/%Y})" for (concept, unit), found in ordered]


def rule_lines(router: Router, questions: Sequence[str]) -> list[str]:
    """Each rule with the number of questions it would touch, and the first of them (F47)."""
    lines: list[str] = []
    for number, rule in enumerate(router.known.lexicon.rules, start=1):
        touched = preview(router.known, rule, questions, rule.sender)
        lines.append(f"{number}. {rule.because or '–'} → {', '.join(rule.units)}: {len(touched)}/{len(questions)} câu hỏi")
        lines += [f"     {' '.join(text.split())[:100]}" for text in touched[:3]]
    return lines or ["Chưa có quy tắc nào trong routing.yaml (mục rules)."]


def cases_of(file: Path) -> Iterator[tuple[Any, str]]:
    """Name and text of each line of a file; a line that cannot be read stops the run with its number."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"không đọc được {file}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            yield case["id"], str(case["text"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise typer.BadParameter(f'{file}:{number}: cần một đối tượng JSON có "id" và "text"') from error


def answer_file(router: Router, file: Path, sender: str | None) -> None:
    """One line of JSON for each line of the file."""
    for name, text in cases_of(file):
        sys.stdout.write(json.dumps({"id": name, **router.route(text, sender).contract()}, ensure_ascii=False) + "\n")


def explained(proposal: Proposal) -> str:
    """The proposal for a person at the terminal."""
    said = routing.texts()
    lines = [said[f"route.action_{proposal.action}"].format(count=len(proposal.parts))]
    if proposal.note:
        lines.append(f"  {proposal.note}")
    lines += [f"  {number}. {part}" for number, part in enumerate(proposal.parts, start=1)]
    lines += [f"{unit.score:6.2f}  {unit.id:32} {unit.reason}" for unit in proposal.units]
    return "\n".join(lines)
