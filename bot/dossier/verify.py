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

HEX = re.compile(r"[0-9a-f]{64}")
NO_ITEMS = {"hash", "key", "digest", "signature", "manifest"}
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


class Wrong(Exception):  # noqa: N818
    """The first thing that is wrong, in both languages."""


def need(good, vietnamese, english):
    """Go on if it is so."""
    if not good:
        raise Wrong(vietnamese + " / " + english)


def add(p, q):
    """Sum of two points of the Edwards curve, in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * D * p[3] * q[3] % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """A multiple of a point."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(encoded):
    """A point from its 32 bytes; ValueError where there is none."""
    y = int.from_bytes(encoded, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        raise ValueError("no point")
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key, signature, message):
    """Whether an Ed25519 signature (RFC 8032) is good; key and signature in hex."""
    try:
        key, signature = bytes.fromhex(key), bytes.fromhex(signature)
        public, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    except (ValueError, TypeError):
        return False
    if len(key) != 32 or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def plain(value):
    """JSON in canonical form: for whole numbers and strings this is RFC 8785."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha(content):
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def named(value, key="", within_files=False):
    """Every digest an entry names, and whether it is a file's."""
    if isinstance(value, dict):
        return [found for name, part in value.items() for found in named(part, name, within_files or name == "files")]
    if isinstance(value, list):
        return [found for part in value for found in named(part, key, within_files)]
    is_name = isinstance(value, str) and HEX.fullmatch(value) and (within_files or key not in NO_ITEMS)
    return [(value, within_files)] if is_name else []


def check_entries(case, listed):
    """This case's entries: canonical, of this case, numbered without gaps, each naming the one before. By number: digest, hash, value."""
    own, before = {}, None
    for number, row in enumerate(listed, 1):
        seq, text = row["seq"], row["entry"]
        at = (f"Mục nhật ký {seq} (mục {number} của hồ sơ)", f"log entry {seq} (entry {number} of the case)")
        try:
            value = json.loads(text)
            exact = isinstance(value, dict) and plain(value) == text and isinstance(value["detail"], dict)
        except (ValueError, KeyError):
            exact = False
        need(exact, f"{at[0]}: không ở dạng chuẩn", f"{at[1]}: not in canonical form")
        same = (value.get("seq"), value.get("case"), value.get("case_seq"), value.get("case_prev")) == (seq, case, number, before)
        need(
            same and seq not in own, f"{at[0]}: không nối tiếp mục trước của hồ sơ", f"{at[1]}: does not follow the case's entry before it"
        )
        before = sha(text.encode())
        own[seq] = (before, row["hash"], value)
    return own


def check_chain(own, others, head):
    """Every link from the first entry to the head."""
    count = f"{len(others)} + {len(own)} ≠ {head['seq']}"
    need(
        len(others) + len(own) == head["seq"],
        f"digests.txt: thiếu hoặc thừa mã ({count})",
        f"digests.txt: digests missing or added ({count})",
    )
    link, rest = "0" * 64, iter(others)
    for seq in range(1, head["seq"] + 1):
        digest, wanted, _ = own.get(seq) or (next(rest, ""), None, None)
        need(HEX.fullmatch(digest), f"digests.txt: mục {seq} không phải mã", f"digests.txt: entry {seq} is no digest")
        link = sha(bytes.fromhex(link) + bytes.fromhex(digest))
        where = (f"Chuỗi nhật ký đứt ở mục {seq} hoặc trước đó", f"the chain is broken at entry {seq} or before it")
        need(wanted in (None, link), *where)
    need(link == head["hash"], "Chuỗi nhật ký không dẫn đến mốc đã ký", "the chain does not lead to the signed head")


def check_content(own, held, read):
    """Every text and file that entries name is there and unchanged, or was erased by a decision that is an entry itself."""
    erased = {d for _, _, v in own.values() if v["action"] == "erasure.done" for k in ("items", "files") for d in v["detail"].get(k, [])}
    have = {False: {row["digest"]: row for row in held["items"]}, True: {row["digest"]: row for row in held["files"]}}
    for seq, (_, _, value) in sorted(own.items()):
        for digest, is_file in named(value["detail"]):
            there = digest in have[is_file] or (value["action"] == "erasure.done" and digest in erased)
            need(there, f"Mục {seq}: thiếu nội dung {digest}", f"entry {seq}: content {digest} is missing")
    for is_file, rows in have.items():
        for digest, row in rows.items():
            what = (
                f"Tệp {row.get('path')}" if is_file else f"Nội dung {digest}",
                f"file {row.get('path')}" if is_file else f"text {digest}",
            )
            if row["erased"]:
                need(digest in erased, f"{what[0]}: bị xóa mà không có quyết định", f"{what[1]}: erased without a decision")
                continue
            content = bytes.fromhex(sha(read(row["path"]))) if is_file else row["text"].encode()
            good = sha(bytes.fromhex(row["salt"]) + content) == digest
            need(good, f"{what[0]}: khác với mã trong nhật ký", f"{what[1]}: differs from its digest in the log")


def check(read, names, trusted=None):
    """Check a whole dossier; returns its manifest and head, or raises Wrong with the first problem."""
    manifest = json.loads(read("manifest.json"))
    for name in sorted(set(manifest["files"]) | (set(names) - {"manifest.json"})):
        need(name in manifest["files"], f"Tệp lạ: {name}", f"file that does not belong here: {name}")
        need(name in names, f"Thiếu tệp {name}", f"file {name} is missing")
        need(sha(read(name)) == manifest["files"][name], f"Tệp {name} đã bị thay đổi", f"file {name} was changed")
    need(len(set(names)) == len(names), "Có tệp trùng tên", "two files have one name")
    head, own = json.loads(read("head.json")), check_entries(manifest["case"], json.loads(read("entries.json")))
    need(len(own) == manifest["entries"], "Thiếu mục của hồ sơ", "entries of the case are missing")
    check_chain(own, read("digests.txt").decode("ascii").split(), head)
    check_content(own, json.loads(read("items.json")), read)
    said = f"phatngon-head-v1\n{head['day']}\n{head['seq']}\n{head['hash']}\n".encode()
    need(signed(head["key"], head["signature"], said), "Chữ ký mốc nhật ký không đúng", "the head's signature is wrong")
    rest = {name: value for name, value in manifest.items() if name != "signature"}
    by_key = trusted or head["key"]
    need(head["key"] == by_key, "Khóa khác với khóa đã cho", "the key is not the one given")
    good = signed(by_key, manifest["signature"], b"phatngon-dossier-v1\n" + plain(rest).encode())
    need(good, "Chữ ký của hồ sơ không đúng", "the dossier's signature is wrong")
    return manifest, head


def check_path(path, trusted=None):
    """Check a ZIP or an unpacked folder."""
    try:
        if path.is_dir():
            files = [p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")]
            return check(lambda name: (path / name).read_bytes(), [p.relative_to(path).as_posix() for p in files], trusted)
        with zipfile.ZipFile(path) as archive:
            return check(archive.read, archive.namelist(), trusted)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, NotImplementedError, zipfile.BadZipFile) as error:
        raise Wrong(f"Không đọc được hồ sơ / the dossier cannot be read: {type(error).__name__} {error}") from error


def main(words):
    """The command line."""
    trusted = words[words.index("--key") + 1] if "--key" in words[:-1] else None
    rest = [w for w in words if w not in ("--key", trusted)]
    try:
        manifest, head = check_path(Path(rest[0]) if rest else Path(__file__).resolve().parent, trusted)
    except Wrong as wrong:
        print("SAI / WRONG:", wrong)
        return 1
    print(f"ĐÚNG / GOOD: {manifest['case']}, {manifest['entries']} mục / entries; mốc / head {head['seq']} ({head['day']}) {head['hash']}")
    print(f"Khóa / key: {head['key']}\nHãy so với tin mốc nhật ký của Phòng Báo chí / compare it with the press office's published head.")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:]))
