"""`phatngon route`: which unit must answer a question, and why – for one question or a file of them."""

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

import typer

from bot import routing
from models.routing.proposal import Proposal
from models.routing.router import Router

HANOI = timezone(timedelta(hours=7))


def route(
    text: Annotated[str | None, typer.Argument(help="Câu hỏi như phóng viên gõ", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("--file", help='Tệp JSON từng dòng: {"id", "text"}', show_default=False)] = None,
    semantic: Annotated[bool | None, typer.Option("--semantic/--no-semantic", help="Mặc định: dùng khi đã cài", show_default=False)] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Theo bộ máy của ngày này", show_default=False)] = None,
    sender: Annotated[str | None, typer.Option("--sender", help="Người gửi: reporter, citizen…", show_default=False)] = None,
) -> None:
    """Đề xuất đơn vị phải trả lời một câu hỏi, kèm lý do."""
    if (text is None) == (file is None):
        raise typer.BadParameter("cần một câu hỏi, hoặc --file TỆP")
    day = on.date() if on is not None else today()
    router = routing.build(day, semantic=semantic, cache=cache_folder())
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


def answer_file(router: Router, file: Path, sender: str | None) -> None:
    """One line of JSON for each line of the file; a line that cannot be read stops the run with its number."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"không đọc được {file}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            name, text = case["id"], str(case["text"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise typer.BadParameter(f'{file}:{number}: cần một đối tượng JSON có "id" và "text"') from error
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
