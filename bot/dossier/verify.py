"""Kiểm tra một hồ sơ xuất từ phatngon; chỉ cần Python 3.8 trở lên. Verify an exported file; needs only Python 3.8 or later.

    python3 verify.py [HO-SO.zip | THU-MUC] [--key KHOA-CONG-KHAI]

Every entry is canonical JSON; digest = SHA-256(entry); hash = SHA-256(hash before + digest), beginning with 32 zero bytes.
This case's entries are in entries.json, the bare digests of all others in digests.txt, so the whole chain is re-computed up
to the signed head. Texts and files are named in entries by SHA-256(salt + content).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable, Tuple

Point = Tuple[int, int, int, int]  # x, y, z and x * y, the first two multiplied by z
HEX = re.compile(r"[0-9a-f]{64}")
NO_ITEMS = {"hash", "key", "digest", "signature", "manifest"}
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


class Wrong(Exception):  # noqa: N818
    """The first thing that is wrong, in both languages."""


def need(good: object, problem: str) -> None:
    """Go on if it is so."""
    if not good:
        raise Wrong(problem)


def add(p: Point, q: Point) -> Point:
    """Sum of two points of the Edwards curve."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def point_of(encoded: bytes) -> Point:
    """A point from its 32 bytes; ValueError where there is none."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * pow(2, (P - 1) // 4, P) % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        raise ValueError("no point")
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: str, signature: str, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is good; key and signature in hex. ValueError where one of them is no point."""
    if not re.fullmatch("[0-9a-f]{64}", key) or not re.fullmatch("[0-9a-f]{128}", signature):
        return False
    public, sign = bytes.fromhex(key), bytes.fromhex(signature)
    h = int.from_bytes(hashlib.sha512(sign[:32] + public + message).digest(), "little") % ORDER
    s = int.from_bytes(sign[32:], "little")
    left, right = times(s, BASE), add(point_of(sign[:32]), times(h, point_of(public)))
    return s < ORDER and (left[0] * right[2] - right[0] * left[2]) % P == 0 == (left[1] * right[2] - right[1] * left[2]) % P


def plain(value: object) -> str:
    """JSON in canonical form: for whole numbers and strings this is RFC 8785."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def named(value: Any, key: str = "", within: bool = False) -> list[tuple[str, bool]]:
    """Every digest an entry names, and whether it is a file's."""
    if type(value) in (dict, list):
        parts = value.items() if hasattr(value, "items") else ((key, part) for part in value)
        return [found for name, part in parts for found in named(part, name, within or name == "files")]
    return [(value, within)] if isinstance(value, str) and HEX.fullmatch(value) and (within or key not in NO_ITEMS) else []


def check_entries(manifest: dict[str, Any], listed: list[Any]) -> dict[int, Any]:
    """The dossier's own entries by number: digest, hash, value. A file's are complete from its first, a period's from first to last;
    beside these only decisions to erase or to cover something that is in here.
    """
    own: dict[int, Any] = {}
    last: dict[Any, tuple[int, Any]] = dict.fromkeys(manifest.get("cases", [manifest["case"]]), (0, None))
    files, (first, final) = set(last), manifest.get("range", (1, 0))
    for row in listed:
        seq, text = row["seq"], row["entry"]
        value = json.loads(text)
        need(plain(value) == text, f"Mục {seq} không ở dạng chuẩn / entry {seq} is not in canonical form")
        case, digest = value.get("case"), sha(text.encode())
        inside = case in files or (isinstance(seq, int) and first <= seq <= final)
        follows = case not in last or not inside or (value["case_seq"] - 1, value["case_prev"]) == last[case]
        belongs = inside or value["action"] in ("erasure.done", "mask.done")
        good = value["seq"] == seq and seq not in own and follows and belongs
        need(good, f"Mục {seq} không nối tiếp mục trước của hồ sơ / entry {seq} does not follow the case's last")
        if case is not None and inside:
            last[case] = (value["case_seq"], digest)
        own[seq] = (digest, row["hash"], value)
    gap = next((seq for seq in range(first, final + 1) if seq not in own), None)
    need(gap is None, f"Thiếu mục {gap} của kỳ / entry {gap} of the period is missing")
    return own


def check_chain(own: dict[int, Any], others: list[str], head: dict[str, Any]) -> None:
    """Every link from the first entry to the head."""
    count = f"{len(own)} + {len(others)}, {head['seq']}"
    need(len(own) + len(others) == head["seq"], f"digests.txt thiếu hoặc thừa mã / digests missing or added ({count})")
    link, rest = "0" * 64, iter(others)
    for seq in range(1, head["seq"] + 1):
        digest, wanted, _ = own.get(seq) or (next(rest, ""), None, None)
        need(HEX.fullmatch(digest), f"Mã của mục {seq} không hợp lệ / entry {seq} has no digest")
        link = sha(bytes.fromhex(link) + bytes.fromhex(digest))
        need(wanted in (None, link), f"Chuỗi đứt ở mục {seq} hoặc trước đó / the chain is broken at entry {seq} or before it")
    need(link == head["hash"], "Chuỗi không dẫn đến mốc đã ký / the chain does not lead to the signed head")


def check_content(own: dict[int, Any], held: dict[str, Any], read: Callable[[str], bytes]) -> list[str]:
    """Every text and file that entries name is there and unchanged, or was erased or covered by a decision that is an entry itself.

    Returns a sentence for each that is covered: whoever made the cover kept salt and words, so they cannot be guessed from here.
    """
    gone = [value["detail"] for _, _, value in own.values() if value["action"] == "erasure.done"]
    erased = {digest for detail in gone for kind in ("items", "files") for digest in detail[kind]}
    covered = {digest for _, _, value in own.values() if value["action"] == "mask.done" for digest in value["detail"]["items"]}
    have = {(row["digest"], name == "files") for name in ("items", "files") for row in held[name]}
    first: dict[str, int] = {}
    for seq, (_, _, value) in own.items():
        for digest, is_file in named(value["detail"]):
            there = (digest, is_file) in have or (value["action"] in ("erasure.done", "mask.done") and digest in erased | covered)
            need(there, f"Mục {seq}: thiếu nội dung / entry {seq}: a content is missing: {digest}")
            first.setdefault(digest, seq)
    told: list[str] = []
    for row in held["items"] + held["files"]:
        what = f"{row.get('path', '')} {row['digest']}".strip()
        if row["erased"] or row.get("masked"):
            decided = row["digest"] in (erased if row["erased"] else covered) and row["salt"] is None
            need(decided, f"Nội dung bị xóa, che mà không có quyết định / erased or covered without a decision: {what}")
            if row.get("masked"):
                seq = first[row["digest"]]
                told.append(
                    f"Che / masked: mã khớp mục {seq}, giữ lại lời / digest fits entry {seq}, words withheld: {row['digest'][:16]}…"
                )
            continue
        content = bytes.fromhex(sha(read(row["path"]))) if "path" in row else row["text"].encode()
        good = row["digest"] == sha(bytes.fromhex(row["salt"]) + content)
        need(good, f"Nội dung khác với mã trong nhật ký / content differs from its digest in the log: {what}")
    return told


def check(read: Callable[[str], bytes], names: list[str], trusted: str | None = None) -> tuple[Any, Any, list[str]]:
    """Check a whole dossier; returns its manifest, its head and what is covered, or raises Wrong with the first problem."""
    manifest = json.loads(read("manifest.json"))
    need(plain(manifest).encode() == read("manifest.json"), "Tệp đã bị thay đổi / a file was changed: manifest.json")
    need(len(set(names)) == len(names), "Có tệp trùng tên / two files have one name")
    for name in sorted({*manifest["files"], *names} - {"manifest.json"}):
        need(name in manifest["files"], f"Tệp lạ / a file that does not belong here: {name}")
        need(name in names, f"Thiếu tệp / a file is missing: {name}")
        need(sha(read(name)) == manifest["files"][name], f"Tệp đã bị thay đổi / a file was changed: {name}")
    head, own = json.loads(read("head.json")), check_entries(manifest, json.loads(read("entries.json")))
    need(len(own) == manifest["entries"], "Thiếu mục cuối của hồ sơ / the case's last entries are missing")
    check_chain(own, read("digests.txt").decode("ascii").split(), head)
    told = check_content(own, json.loads(read("items.json")), read)
    key, said = trusted or head["key"], f"phatngon-head-v1\n{head['day']}\n{head['seq']}\n{head['hash']}\n"
    need(signed(key, head["signature"], said.encode()), "Chữ ký của mốc không đúng / the head's signature is wrong")
    rest = plain({name: value for name, value in manifest.items() if name != "signature"})
    said = f"phatngon-dossier-v1\n{rest}"
    need(signed(key, manifest["signature"], said.encode()), "Chữ ký của hồ sơ không đúng / the dossier's signature is wrong")
    return manifest, head, told


def check_path(path: Path, trusted: str | None = None) -> tuple[Any, Any, list[str]]:
    """Check a ZIP or an unpacked folder."""
    try:
        if path.is_dir():
            files = [p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")]
            return check(lambda name: (path / name).read_bytes(), [p.relative_to(path).as_posix() for p in files], trusted)
        with zipfile.ZipFile(path) as archive:
            return check(archive.read, archive.namelist(), trusted)
    except Wrong:
        raise
    except Exception as error:
        raise Wrong(f"Không đọc được hồ sơ / the dossier cannot be read: {type(error).__name__} {error}") from error


def main(words: list[str]) -> int:
    """The command line."""
    trusted = words[words.index("--key") + 1] if "--key" in words[:-1] else None
    paths = [Path(word) for word in words if word not in ("--key", trusted)] or [Path(__file__).resolve().parent]
    try:
        manifest, head, told = check_path(paths[0], trusted)
    except Wrong as wrong:
        print("SAI / WRONG:", wrong)
        return 1
    print(f"ĐÚNG / GOOD: {manifest['case']}, {manifest['entries']} mục / entries; mốc / head {head['seq']} ({head['day']}) {head['hash']}")
    print("".join(f"{sentence}\n" for sentence in told), end="")
    print(f"Khóa / key: {head['key']}\nHãy so với tin mốc nhật ký của Phòng Báo chí / compare it with the press office's published head.")
    return 0


if __name__ == "__main__":
    stream: Any = sys.stdout
    stream.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
