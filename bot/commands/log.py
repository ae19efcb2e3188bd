"""`phatngon log`: verify the exchange log, export a file, a matter or a period as a dossier that verifies without us."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.database import Database
from bot.dossier import verify as stand_alone
from bot.dossier.archive import FileGone
from bot.dossier.export import NotRecorded, Wanted, export
from bot.dossier.subject import Period
from bot.machine import wall_clock
from bot.office import overlays_of
from bot.settings import Settings
from bot.storage.occupancy import Occupied
from bot.watch import auditing
from models import codes
from models.evidence.verification import Report
from models.texts import Texts

T = TypeVar("T")
app = typer.Typer(help="Nhật ký: kiểm tra, xuất hồ sơ.", no_args_is_help=True, add_completion=False)


@app.command("verify")
def verify(
    file: Annotated[
        Path | None, typer.Option("--file", help="Hồ sơ đã xuất (ZIP hoặc thư mục) thay vì nhật ký.", show_default=False)
    ] = None,
    head: Annotated[Path | None, typer.Option("--head", help="Mốc nhật ký đã công bố (tệp JSON).", show_default=False)] = None,
    files: Annotated[bool, typer.Option("--files", help="Đọc lại cả các tệp trên đĩa.")] = False,
) -> None:
    """Tính lại toàn bộ chuỗi nhật ký; mục sai đầu tiên được gọi tên."""
    settings = Settings()
    say = _sentences(settings)
    if file is not None:
        raise typer.Exit(stand_alone.main([str(file)]))
    try:
        report = asyncio.run(_with_log(settings, say, lambda database: auditing.check(database, settings.home, head=head, files=files)))
    except auditing.BadHead as bad:
        raise _stop(say(bad.what, name=bad.name, key=bad.key)) from bad
    raise typer.Exit(_tell(report, say, files=files))


def _tell(report: Report, say: Callable[..., str], *, files: bool) -> int:
    """One sentence; the exit status."""
    if report.problem is not None:
        problem = report.problem
        typer.echo(say(f"problem_{problem.what}", seq=problem.seq or "–", **problem.values), err=True)
        return 1
    typer.echo(say("good", count=report.head.seq, hash=report.head.hash))
    if files:
        typer.echo(say("good_files", count=len(report.files)))
    return 0


@app.command("export")
def export_(
    out: Annotated[Path, typer.Option("--out", help="Tệp ZIP sẽ ghi.")],
    inquiry: Annotated[str, typer.Option("--inquiry", help="Mã đề nghị (cả hồ sơ nhập), ví dụ YC-4F7Q2MX.")] = "",
    matter: Annotated[str, typer.Option("--matter", help="Mã vụ việc, kèm mọi đề nghị gắn vào vụ việc.")] = "",
    period: Annotated[str, typer.Option("--period", help="Mọi mục nhật ký từ ngày đến ngày, ví dụ 2026-01-01..2026-01-31.")] = "",
) -> None:
    """Xuất một hồ sơ, một vụ việc hoặc một kỳ nhật ký, tự kiểm tra được; việc xuất cũng được ghi vào nhật ký."""
    settings = Settings()
    say = _sentences(settings)
    wanted = _wanted(say, inquiry, matter, period)
    try:
        with _stoppable():
            made = asyncio.run(_with_log(settings, say, lambda database: export(settings, database, wanted, out, wall_clock())))
    except FileGone as gone:
        raise _stop(say("file_gone", name=gone)) from gone
    except NotRecorded as refused:
        raise _stop(say("not_recorded", problem=refused)) from refused
    except Occupied as other:
        raise _stop(say("occupied", home=settings.home)) from other
    except OSError as error:
        raise _stop(say("cannot_write", out=out, problem=error.strerror or error)) from error
    if made is None:
        raise _stop(say("no_case" if isinstance(wanted, str) else "no_entries", code=wanted))
    typer.echo(say("exported", code=wanted, out=out, entries=made.entries, manifest=made.manifest))


def _wanted(say: Callable[..., str], inquiry: str, matter: str, period: str) -> Wanted:
    """What is to be exported: exactly one of the three."""
    if sum(map(bool, (inquiry, matter, period))) != 1:
        raise _stop(say("which_one"))
    if period:
        try:
            return Period.parse(period)
        except ValueError as error:
            raise _stop(say("bad_period", period=period)) from error
    code = next(iter(codes.find(inquiry or matter, codes.INQUIRY if inquiry else codes.MATTER)), None)
    if code is None:
        raise _stop(say("bad_code" if inquiry else "bad_matter", code=inquiry or matter))
    return code


@contextmanager
def _stoppable() -> Generator[None]:
    """Whoever stops us with SIGTERM interrupts us like Ctrl-C: what was begun is cleared away, no half file stays."""

    def interrupted(*_signal: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


async def _with_log(settings: Settings, say: Callable[..., str], work: Callable[[Database], Awaitable[T]]) -> T:
    """Read the log of this HOME; looking for one must not make one."""
    if not settings.database_url and not (settings.home / "phatngon.db").is_file():
        raise _stop(say("no_log", home=settings.home))
    database = Database(settings.database)
    try:
        if not await database.is_current():
            raise _stop(say("no_log", home=settings.home))
        return await work(database)
    finally:
        await database.dispose()


def _sentences(settings: Settings) -> Callable[..., str]:
    texts = Texts.load(settings.zone, *overlays_of(settings))

    def say(key: str, /, **values: Any) -> str:
        return texts.say("vi", f"log.{key}", values)

    return say


def _stop(sentence: str) -> typer.Exit:
    """One sentence on standard error; the caller raises what comes back."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)
