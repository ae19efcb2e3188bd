"""`phatngon demo`: the whole product on a new SQLite file with a demo province, to click through or to watch."""

import asyncio
import importlib
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import logs, seeding, year
from bot.app import App, build
from bot.channels.base import Arrival
from bot.channels.web import chat_of, said
from bot.machine import wall_clock
from bot.serving import serve
from bot.settings import Settings
from bot.story import Story, StoryError, Timepiece
from bot.web.server import Server
from models import content
from models.evidence.verification import Report, verify

YEAR, CASES = timedelta(days=366), 5_000
PERSONAS = ("phongvien", "phatngon", "canbo")


def demo(
    script: Annotated[bool, typer.Option("--script", help="Diễn cả câu chuyện trong cửa sổ này rồi dừng")] = False,
    port: Annotated[int, typer.Option(help="Cổng web")] = 8080,
    home: Annotated[Path | None, typer.Option(help="Thư mục dữ liệu; mặc định là thư mục tạm")] = None,
    with_year: Annotated[bool, typer.Option("--year", help="Tạo trước một năm hồ sơ mẫu (5.000 đề nghị)")] = False,
    channel: Annotated[str, typer.Option(help="Kênh để diễn: web hoặc telegram (máy chủ Telegram giả trên máy này)")] = "web",
) -> None:
    """Dùng thử toàn bộ sản phẩm với một tỉnh mẫu."""
    kept = home or Path(tempfile.mkdtemp(prefix="phatngon-demo-"))
    try:
        if script:
            raise typer.Exit(asyncio.run(play_on_telegram(kept) if channel == "telegram" else play(kept)))
        asyncio.run(show(kept, port, with_year=with_year))
    finally:
        if home is None:
            shutil.rmtree(kept, ignore_errors=True)


async def show(home: Path, port: int, *, with_year: bool = False) -> None:
    """Serve the demo and print links that are ready to click."""
    settings = Settings(home=home, listen=f"127.0.0.1:{port}", metrics_listen="")
    logs.configure(level=30)
    tokens = _tokens(home)

    async def prepare(app: App) -> Mapping[str, str]:
        if not app.machine.office.unit_names:
            await _populate(app, tokens, with_year=with_year)
        return tokens

    async def ready(_app: App, server: Server) -> None:
        base = f"http://127.0.0.1:{server.port}"
        print("Bản dùng thử đã sẵn sàng. Mở một trong các đường dẫn sau:\n")
        print(f"  Cả ba vai trên một trang:  {base}/demo")
        for name, label in zip(PERSONAS, ("Phóng viên", "Người phát ngôn", "Cán bộ Phòng Báo chí"), strict=True):
            print(f"  {label + ':':<27}{base}/demo/{name}/chat")
        print(f"  Phòng tin công khai:       {base}/")
        print("\nDừng: Ctrl+C", flush=True)

    await serve(settings, prepare=prepare, ready=ready)


def _tokens(home: Path) -> dict[str, str]:
    """The personas' sessions; kept with the demo's data so that a restart knows them again."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "demo-sessions"
    if not path.exists():
        path.write_text("\n".join(secrets.token_urlsafe(32) for _ in PERSONAS), encoding="utf-8")
        path.chmod(0o600)
    return dict(zip(PERSONAS, path.read_text("utf-8").split("\n"), strict=True))


async def _populate(app: App, tokens: Mapping[str, str], *, with_year: bool) -> None:
    """The directory, and the staff of the demo coming in by their invitations like anybody else."""
    words = content.document("demo/words.yaml").data
    if with_year:
        await _past_year(app)
    else:
        await seeding.seed(app, people=True, one_for_all=True)
    officer = await seeding.invite(app, "officer", str(words["officer"]), "dic_desk")
    speaker = await seeding.invite(app, "member", str(words["one_for_all"]), "so_y_te")
    for name, code in (("canbo", officer), ("phatngon", speaker)):
        chat = chat_of(tokens[name])
        arrival = Arrival("web", f"{chat[:16]}-start", chat, f'{{"kind": "start", "code": "{code}"}}', message_key="start")
        await app.inbox.put([arrival], also=said)
    await app.settle()


async def _past_year(app: App) -> None:
    """The directory as it stood a year ago, and every day since; then the clock is the real one again."""
    machine, end = app.machine, wall_clock()
    print("Đang tạo một năm hồ sơ mẫu, chừng nửa phút …", flush=True)
    machine.now = Timepiece(end - YEAR)
    await seeding.seed(app, people=True)
    await year.seed_year(app, CASES, end - YEAR, end)
    machine.now = wall_clock


async def play(home: Path) -> int:
    """Play the main job end to end, print it, verify the log; 0 when everything went as told."""
    logs.configure(level=40)
    time = Timepiece(wall_clock())
    app = await build(Settings(home=home), now=time)
    try:
        words = content.document("demo/words.yaml").data
        await seeding.seed(app, people=True)
        story = Story(app, time, picture, print)
        for name, person in (words["cast"]).items():
            code = await seeding.invite(app, **_person(person))
            await story.say(story.person(name), code)
        try:
            await story.play((content.SHIPPED / "demo" / "story.txt").read_text("utf-8").splitlines())
        except StoryError as error:
            print(f"\nCâu chuyện diễn ra khác kịch bản:\n{error}")
            return 1
        async with app.machine.database.read() as store:
            return judged(await verify(store))
    finally:
        await app.stop()


async def play_on_telegram(home: Path) -> int:
    """The same story through a strict local Bot API server; that server lives with the tests of a clone."""
    try:
        stage = importlib.import_module("tests.telegram_stage")
    except ImportError:
        print(
            "Máy chủ Telegram giả nằm trong thư mục tests; hãy chạy từ bản sao đầy đủ của mã nguồn: ./run demo --script --channel telegram"
        )
        return 1
    logs.configure(level=40)
    cast = {name: _person(person) for name, person in content.document("demo/words.yaml").data["cast"].items()}
    lines = (content.SHIPPED / "demo" / "story.txt").read_text("utf-8").splitlines()
    try:
        return judged(await stage.play_on_telegram(home, lines, cast=cast, files=picture, show=print))
    except StoryError as error:
        print(f"\nCâu chuyện diễn ra khác kịch bản:\n{error}")
        return 1


def judged(report: Report) -> int:
    """Say how the log fared; the exit status."""
    bad = report.problem
    print(f"\nNhật ký: {report.head.seq} mục, " + ("kiểm tra đúng." if bad is None else f"sai ở mục {bad.seq}."))
    return 0 if bad is None else 1


def _person(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"unit": None} | dict(values)


def picture(name: str) -> bytes:
    """A small file that is what its name says: a PDF, or a picture of one pixel."""
    if name.endswith(".pdf"):
        return b"%PDF-1.7\n% demo\n"
    return (content.SHIPPED / "demo" / "anh.png").read_bytes()
