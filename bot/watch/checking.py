"""Everything that can be known to be wrong before the first message: settings, sentences, law, calendar, database."""

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import select

from bot.app import App, build
from bot.office import overlays_of, read_rules, read_topics
from bot.settings import Settings
from bot.storage.occupancy import Lock, Occupied
from models import content
from models.casework.brakes import Brakes
from models.clocks import deadline
from models.content import ContentProblem
from models.directory.tree import unknown
from models.directory.unit import Unit
from models.evidence import keeping
from models.evidence.keeping import Retention
from models.schema import ContentProblems
from models.texts import LANGUAGES, Texts

# Calls whose text argument is the key of a sentence, and which argument that is.
_SPEAKING = {"reply": 0, "Refusal": 0, "of": 0, "Choice": 0, "Screen": 0, "say": 1, "tell_unit": 2, "bring": 2, "hand_on": 2}
_KEY = re.compile(r"[a-z]+\.[a-z_0-9*]+")


@dataclass(frozen=True)
class Finding:
    """Something to mend (an error), or to know (a warning)."""

    text: str
    error: bool = True


def used_keys(root: Path = content.SHIPPED.parent) -> dict[str, str]:
    """Every sentence key the code speaks, with a place that speaks it; `*` stands for what is filled in at run time."""
    found: dict[str, str] = {}
    for path in (*sorted((root / "handlers").rglob("*.py")), *sorted((root / "models").rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                key = _spoken(node)
                if key is not None and _KEY.fullmatch(key):
                    found.setdefault(key, f"{path.relative_to(root)}:{node.lineno}")
    return found


def _spoken(call: ast.Call) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    place = _SPEAKING.get(name)
    if place is None or len(call.args) <= place:
        return None
    argument = call.args[place]
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in argument.values)
    return None


def sentences(texts: Texts) -> Iterator[Finding]:
    """Keys the code speaks that no language has, keys one language lacks, and placeholders that differ between languages."""
    every = {key for known in texts.sentences.values() for key in known}
    for key, place in sorted(used_keys().items()):
        pattern = re.compile(re.escape(key).replace(r"\*", "[a-z_0-9]+"))
        if not any(pattern.fullmatch(known) for known in every):
            file, name = key.split(".", 1)
            yield Finding(f'{place}: thiếu câu “{name}” trong content/texts/vi/{file}.yaml; thêm một dòng: {name}: "…"')
    for language, key in texts.missing():
        file, name = key.split(".", 1)
        yield Finding(f'content/texts/{language}/{file}.yaml: thiếu câu “{name}”; thêm một dòng: {name}: "…"')
    for key in sorted(key for key in every if all(key in texts.sentences[language] for language in LANGUAGES)):
        holes = [{name for _, name, _, _ in string.Formatter().parse(texts.sentences[language][key]) if name} for language in LANGUAGES]
        if any(h != holes[0] for h in holes):
            yield Finding(f"“{key}”: các ngôn ngữ có chỗ điền khác nhau {[sorted(h) for h in holes]}; viết cho giống nhau")


def of_content(settings: Settings, now: datetime) -> Iterator[Finding]:
    """What is wrong with the content, and what nobody has verified against the signed texts."""
    overlays = overlays_of(settings)
    try:
        yield from sentences(Texts.load(settings.zone, *overlays))
        read_topics(*overlays)
        Brakes.parse(content.document("brakes.yaml", *overlays))
        Retention.parse(content.document("retention.yaml", *overlays))
        rules = read_rules(settings.law_pin, *overlays)
    except ContentProblems as problems:
        yield from (Finding(str(problem)) for problem in problems.problems)
        return
    except ContentProblem as problem:
        yield Finding(str(problem))
        return
    year = rules.calendar.missing_next_year(now.astimezone(settings.zone).date())
    if year is not None:
        yield Finding(f"content/calendar.yaml: chưa có lịch nghỉ năm {year}; nhập từ thông báo của năm đó", error=False)
    unverified = rules.law.unverified()
    if unverified:
        yield Finding(
            f"{len(unverified)} mục trong bộ quy tắc chưa đối chiếu bản gốc; cán bộ điền verified_by, verified_at khi đối chiếu",
            error=False,
        )


async def of_installation(settings: Settings) -> list[Finding]:
    """Whether the database opens, is current, and refuses to forget."""
    lock = Lock(settings.home)
    try:
        lock.take()
    except Occupied:
        return [Finding("Hệ thống đang chạy trong thư mục này; phần cơ sở dữ liệu xem tại /readyz", error=False)]
    try:
        app = await build(settings)
        found = (
            [] if app.machine.office.unit_names else [Finding("Danh bạ còn trống; nhập bằng: phatngon directory import TỆP", error=False)]
        )
        found.extend(await _unknown_units(app))
        found.extend(await _past_retention(app))
        found.extend(await _outdated(app))
        await app.stop()
    except ContentProblem:
        return []
    except Exception as error:  # noqa: BLE001 - whatever it is, the operator must read it in the list
        return [Finding(f"Cơ sở dữ liệu không mở được: {type(error).__name__}: {error}")]
    else:
        return found
    finally:
        lock.give_back()


async def _outdated(app: App) -> list[Finding]:
    """Running clocks that today's calendar and packs would give more time: the files were changed without being applied."""
    async with app.machine.database.read() as store:
        later = [clock for clock in await deadline.all_running(store) if app.machine.office.rules.later(clock) is not None]
    if not later:
        return []
    return [Finding(f"{len(later)} thời hạn đang chạy được tính theo lịch cũ; chạy: phatngon calendar apply", error=False)]


async def _past_retention(app: App) -> list[Finding]:
    """Cases past their time: listed, never destroyed by themselves."""
    async with app.machine.database.read() as store:
        codes = await keeping.past(store, app.machine.office.retention, app.machine.now())
    if not codes:
        return []
    return [Finding(f"{len(codes)} hồ sơ đã hết thời hạn lưu, cán bộ quyết định: {', '.join(codes[:5])}", error=False)]


async def _unknown_units(app: App) -> list[Finding]:
    """Units the directory names as parent or successor that do not exist."""
    async with app.machine.database.read() as store:
        units = (await store.scalars(select(Unit))).all()
    known = {unit.id: unit for unit in units}
    named = [(unit.id, other) for unit in units for _, other in unknown(unit, known)]
    return [Finding(f"Danh bạ: đơn vị “{unit}” trỏ đến “{other}” không có; sửa tệp danh bạ rồi nhập lại") for unit, other in named]
