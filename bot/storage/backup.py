# ruff: noqa: ASYNC240 - these commands are processes of their own: nothing else waits while they touch the disk
"""A verified copy of an installation while it runs, and the way back: into an empty HOME, which then sends nothing until it may.

The database is copied first and whole, as a SQLite file (`VACUUM INTO`, or `bot.storage.transfer` from PostgreSQL: one moment of it, without the
remains of erased words that free pages hold), then everything it may name. Files never change once written, so on the same disk a backup shares their bytes.
"""

import hashlib
import json
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from bot.database import Database
from bot.settings import Settings
from bot.storage.fencing import Mark, fence, place
from bot.storage.transfer import holds_nothing, transfer
from models.evidence.item import Attachment
from models.evidence.verification import Report, sha256_of, verify
from models.installation import Installation, installation
from models.store import Store

FORMAT = "phatngon-backup-v1"
DATABASE = "phatngon.db"
FOLDERS = ("files", "keys", "heads", "content")
MANIFEST = "manifest.json"
TRIES = 3  # a file may be erased by decision while it is being copied: then the copy begins again


class Unfit(Exception):  # noqa: N818 - the sentence says what is the case and what to do
    """It cannot be done as asked; nothing was left half done."""


@dataclass(frozen=True)
class Copied:
    """A finished backup or restore: how far its log reaches, how many files and bytes."""

    seq: int
    hash: str
    files: int
    size: int
    made_at: str


async def backup(settings: Settings, target: Path, at: datetime) -> Copied:
    """A verified copy in `target`, which must not exist yet or be empty.

    Raises:
        Unfit: why not, in words for whoever keeps the machine.
    """
    source = Database(settings.database)
    if source.is_sqlite and not source.path.is_file():
        raise Unfit(f"Chưa có dữ liệu trong {settings.home}; không có gì để sao lưu.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Unfit(f"{target} đã có dữ liệu; hãy chọn một thư mục mới, ví dụ có ngày trong tên.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        copied = await _whole(settings.home, source, part, at)
        if target.exists():
            target.rmdir()
        part.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        await source.dispose()
    return copied


async def _whole(home: Path, source: Database, part: Path, at: datetime) -> Copied:
    missing: list[str] = []
    for _ in range(TRIES):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        await _snapshot(source, part / DATABASE)
        for folder in FOLDERS:
            if (home / folder).is_dir():
                shutil.copytree(home / folder, part / folder, copy_function=_link, ignore=shutil.ignore_patterns("*.part"))
        report, missing = await _examine(part / DATABASE, part / "files")
        if not missing:
            return _sealed(part, report, at)
    raise Unfit(f"Thiếu {len(missing)} tệp mà nhật ký nhắc đến (tệp đầu tiên: {missing[0]}). Chưa sao lưu; hãy kiểm tra đĩa.")


async def _snapshot(source: Database, target: Path) -> None:
    """One moment of the database as a SQLite file; the machine goes on writing meanwhile."""
    try:
        if source.is_sqlite:
            _vacuum(source.path, target)
        else:
            await _written_out(source, target)
    except (sqlite3.Error, SQLAlchemyError) as error:
        why = error if isinstance(error, sqlite3.Error) else type(error).__name__  # the other's sentence may name the server's account
        raise Unfit(
            f"Chưa sao lưu được cơ sở dữ liệu ({why}). Hãy kiểm tra máy chủ cơ sở dữ liệu và chỗ trống trên đĩa rồi chạy lại."
        ) from error
    target.chmod(0o600)
    _sync(target)


def _vacuum(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


async def _written_out(source: Database, target: Path) -> None:
    """From PostgreSQL. A backup does not depend on the server's version, and may be restored on SQLite as well."""
    copy = Database(f"sqlite+aiosqlite:///{target}")
    try:
        await copy.migrate()
        await transfer(source, copy)
    finally:
        await copy.dispose()


def _link(source: str, target: str) -> str:
    """The same bytes under a second name; a copy where the disk is another."""
    if Path(source).parent.name != "keys":
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return target
    return str(shutil.copy2(source, target))


async def _examine(database: Path, files: Path) -> tuple[Report, list[str]]:
    """Verify the log of a copy and look for its files, without touching it; returns the report and the names of missing files.

    Raises:
        Unfit: the log does not verify.
    """
    engine = create_async_engine(f"sqlite+aiosqlite:///{database.resolve().as_uri()}?immutable=1&uri=true", hide_parameters=True)
    try:
        async with Store(engine) as store:
            report = await verify(store)
            kept = (await store.execute(select(Attachment.id, Attachment.sha256).where(col(Attachment.erased_at).is_(None)))).all()
    finally:
        await engine.dispose()
    if report.problem is not None:
        raise Unfit(
            f"Nhật ký sai ở mục {report.problem.seq} ({report.problem.what}). Đừng dùng bản này; giữ nguyên hiện trạng và chạy "
            "“phatngon log verify”."
        )
    return report, [name for name, sha256 in kept if not _holds(files / name[:2] / name, sha256)]


def _holds(path: Path, sha256: str | None) -> bool:
    return path.is_file() and _sha256(path) == sha256


def _sealed(part: Path, report: Report, at: datetime) -> Copied:
    """Write the manifest: what is in the copy, with fingerprints, and the end of its log."""
    files = {str(path.relative_to(part)): {"sha256": _sha256(path), "size": path.stat().st_size} for path in _files(part)}
    size = sum(int(file["size"]) for file in files.values())
    copied = Copied(report.head.seq, report.head.hash, len(files), size, at.isoformat())
    said = {"format": FORMAT, "made_at": copied.made_at, "seq": copied.seq, "hash": copied.hash, "files": files}
    manifest = part / MANIFEST
    manifest.write_text(json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    _sync(manifest)
    return copied


async def restore(settings: Settings, source: Path, at: datetime) -> Copied:
    """Bring a backup into an empty HOME, and into the empty database of the settings; the machine that starts there is fenced.

    Raises:
        Unfit: why not, in words for whoever keeps the machine.
    """
    home = settings.home
    part = home / ".restore.part"
    if home.exists() and any(entry != part for entry in home.iterdir()):
        raise Unfit(f"{home} đã có dữ liệu. Chỉ khôi phục vào thư mục trống: đặt PHATNGON_HOME là một thư mục mới rồi chạy lại.")
    said = _manifest(source)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        _copy_back(source, part, said["files"])
        report, missing = await _examine(part / DATABASE, part / "files")
        if missing or (report.head.seq, report.head.hash) != (said["seq"], said["hash"]):
            raise Unfit("Bản sao lưu không khớp với danh mục của nó. Hãy dùng một bản sao lưu khác.")
        await _brought(settings, part, at)
        for entry in sorted(part.iterdir(), key=lambda entry: entry.name == DATABASE):  # the database last
            entry.rename(home / entry.name)
        _sync(home)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    size = sum(int(file["size"]) for file in said["files"].values())
    return Copied(report.head.seq, report.head.hash, len(said["files"]), size, str(said["made_at"]))


def _manifest(source: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Unfit(f"{source} không phải là một bản sao lưu đầy đủ (không đọc được {MANIFEST}).") from error
    inside = source.resolve()
    names = list(said.get("files", {}))
    if said.get("format") != FORMAT or DATABASE not in names or any(inside not in (inside / n).resolve().parents for n in names):
        raise Unfit(f"{source} không phải là bản sao lưu của phiên bản này ({said.get('format')}).")
    return said


def _copy_back(source: Path, part: Path, files: dict[str, Any]) -> None:
    """Every file the manifest names, with the fingerprint it gives; never shared with the backup."""
    for name, wanted in files.items():
        target = part / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copy2(source / name, target)
        except OSError as error:
            raise Unfit(f"Không chép được tệp {name}: {error.strerror}. Chưa khôi phục gì.") from error
        if _sha256(target) != wanted["sha256"]:
            raise Unfit(f"Tệp {name} trong bản sao lưu đã bị thay đổi hoặc hỏng. Hãy dùng một bản sao lưu khác.")
        _sync(target)


async def _brought(settings: Settings, part: Path, at: datetime) -> None:
    """The copy with the schema of this version; on PostgreSQL its content goes there. Then it is fenced."""
    copy = Database(f"sqlite+aiosqlite:///{part / DATABASE}")
    try:
        await copy.migrate()
        if settings.database.startswith("sqlite"):
            await _fenced(copy, part, at)
            return
        await _taken_in(Database(settings.database), copy, part, at)
    finally:
        await copy.dispose()
    (part / DATABASE).unlink()


async def _taken_in(database: Database, copy: Database, part: Path, at: datetime) -> None:
    try:
        if not await holds_nothing(database):
            raise Unfit(
                "Cơ sở dữ liệu PostgreSQL đã có dữ liệu. Chỉ khôi phục vào cơ sở dữ liệu trống: tạo một cơ sở dữ liệu mới rồi chạy lại."
            )
        await database.migrate()
        await transfer(copy, database)
        await _fenced(database, part, at)
    except SQLAlchemyError as error:
        raise Unfit(
            f"Chưa khôi phục được vào PostgreSQL ({type(error).__name__}). Hãy kiểm tra máy chủ và địa chỉ rồi chạy lại."
        ) from error
    finally:
        await database.dispose()


async def _fenced(database: Database, part: Path, at: datetime) -> None:
    """A new identity, and the fence."""
    instance = secrets.token_hex(16)

    async def work(store: Store) -> None:
        row = await installation(store) or Installation(instance=instance)
        row.instance, row.counter = instance, 1
        store.add(row)
        await fence(store, row, "restored", at)

    await database.write(work)
    Mark(instance, 1, 1, await place(database)).write(part)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return sha256_of(iter(lambda: file.read(1 << 20), b"")) if path.stat().st_size else hashlib.sha256().hexdigest()


def _sync(path: Path) -> None:
    """Durable before anybody is told so."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
