"""The papers as people print them: a year's report, a letter and a dossier, turned into pictures that stand in the documentation."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import reporting, seeding, year
from bot.app import build
from bot.papers import letter, report
from bot.papers.letter import Late
from bot.papers.words import Speaker
from bot.reporting import Office
from bot.settings import Settings
from bot.story import Timepiece
from tests.shots.stage import HEAVIEST, PICTURES, squeezed
from tests.transcript import Dice

pytestmark = pytest.mark.shots
START, END = datetime(2025, 11, 20, 1, tzinfo=UTC), datetime(2026, 12, 15, 1, tzinfo=UTC)


def need(program: str) -> str:
    """A program of the machine; without it these tests cannot tell anything."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is missing: apt-get install -y poppler-utils libreoffice-writer-nogui")
    return path


def first_page(pdf: Path, name: str) -> None:
    """The first page as a small picture; an empty page would be lighter."""
    subprocess.run(
        [need("pdftoppm"), "-png", "-gray", "-r", "60", "-f", "1", "-l", "1", "-singlefile", pdf, pdf.with_suffix("")], check=True
    )
    picture = squeezed(pdf.with_suffix(".png").read_bytes())
    assert 5_000 < len(picture) < HEAVIEST
    (PICTURES / f"{name}.png").write_bytes(picture)


def as_pdf(document: Path) -> Path:
    """What a word processor makes of a document."""
    command = [need("soffice"), f"-env:UserInstallation=file://{document.parent}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", document.parent / "converted", document], check=True, capture_output=True, timeout=180)
    return document.parent / "converted" / f"{document.stem}.pdf"


async def test_papers(tmp_path: Path) -> None:
    """The yearly report as PDF and as DOCX, and a reminder."""
    app = await build(Settings(home=tmp_path / "home"), now=Timepiece(START), ids=Dice(3))
    try:
        await seeding.seed(app, people=True)
        await year.seed_year(app, 300, START, END - timedelta(days=1))
        own = Office(app.machine.office.rules.law, app.machine.office.texts)
        found = await reporting.make(app.machine.database, own, own.window("yearly", "2026", END), END)
        for suffix in ("pdf", "docx"):
            report.write(found.document, Speaker(own.texts, own.law, found.items, END), tmp_path / f"report.{suffix}", found.changes)
        late = Late(
            "YC-4F7Q2MX",
            END - timedelta(days=9),
            END - timedelta(days=4),
            "Kết quả kiểm tra an toàn thực phẩm trong quý vừa qua như thế nào?",
        )
        letter.reminder(own.texts, "Sở Y tế", [late], END, tmp_path / "letter.docx")
    finally:
        await app.stop()
    first_page(tmp_path / "report.pdf", "report-yearly")
    first_page(as_pdf(tmp_path / "report.docx"), "report-yearly-docx")
    first_page(as_pdf(tmp_path / "letter.docx"), "letter-reminder")
