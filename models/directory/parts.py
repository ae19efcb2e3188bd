"""What a directory file may say: its parts, their columns, and each value checked before anything is compared (F51).

YAML, JSON, CSV and XLSX are read by `bot.sheets` into the same rows; here a value becomes what we keep, or a fault that names its
row and column and says what to do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from models.text import clean, fold

LONGEST = 300  # characters of one value; a name or an address is shorter
LONGEST_ITEM = 200
MOST_ROWS = 50_000  # of one part: more is no directory of a province


class Kind(StrEnum):
    """What a value must look like."""

    TEXT = "text"
    ID = "id"
    LIST = "list"
    PHONE = "phone"
    MAIL = "mail"
    LINK = "link"


@dataclass(frozen=True)
class Column:
    """One column: its name in files, its heading in a spreadsheet, and what it takes."""

    name: str
    heading: str
    kind: Kind = Kind.TEXT
    needed: bool = False
    private: bool = False  # never in a public list
    one_of: Mapping[str, str] | None = None  # accepted value → the words it is shown by


@dataclass(frozen=True)
class Fault:
    """A row that cannot be taken: where, and why."""

    part: str
    row: int  # from 0 in its part
    column: str
    why: str


Rows = Sequence[Mapping[str, Any]]
Given = Mapping[str, Rows]

POSTS = {"head": "người đứng đầu", "member": "chuyên viên", "press_officer": "đầu mối truyền thông", "page_admin": "quản trị trang"}
MANDATES = {"head": "người đứng đầu", "standing": "người phát ngôn", "none": "không"}
OUTLETS = {"print": "báo in", "online": "báo điện tử", "tv": "truyền hình", "radio": "phát thanh", "agency": "thông tấn"}
SCOPES = {"central": "trung ương", "local": "địa phương", "foreign": "nước ngoài"}

PARTS: Mapping[str, tuple[Column, ...]] = {
    "units": (
        Column("id", "Mã đơn vị", Kind.ID, needed=True),
        Column("name_vi", "Tên đơn vị", needed=True),
        Column("name_en", "Tên tiếng Anh"),
        Column("kind", "Loại", Kind.ID, needed=True),
        Column("parent", "Thuộc", Kind.ID),
        Column("area", "Địa bàn"),
        Column("abbreviations", "Tên viết tắt", Kind.LIST),
        Column("aliases", "Tên gọi khác", Kind.LIST),
        Column("former_names", "Tên cũ", Kind.LIST),
        Column("fields", "Lĩnh vực", Kind.LIST),
        Column("successors", "Đơn vị kế thừa", Kind.LIST),
    ),
    "outlets": (
        Column("id", "Mã cơ quan báo chí", Kind.ID, needed=True),
        Column("name", "Tên cơ quan báo chí", needed=True),
        Column("kind", "Loại hình", one_of=OUTLETS),
        Column("scope", "Phạm vi", one_of=SCOPES),
        Column("bureau", "Văn phòng tại tỉnh"),
        Column("office_phone", "Điện thoại cơ quan", Kind.PHONE),
        Column("office_email", "Thư điện tử cơ quan", Kind.MAIL),
        Column("website", "Trang chủ", Kind.LINK),
    ),
    "people": (
        Column("unit", "Đơn vị", needed=True),
        Column("name", "Họ tên", needed=True),
        Column("post", "Vai trò", one_of=POSTS),
        Column("position", "Chức vụ"),
        Column("mandate", "Thẩm quyền phát ngôn", one_of=MANDATES),
        Column("decision_no", "Số quyết định"),
        Column("office_phone", "Điện thoại cơ quan", Kind.PHONE),
        Column("office_email", "Thư điện tử cơ quan", Kind.MAIL),
        Column("page", "Trang quản trị", Kind.LINK),
        Column("phone", "Điện thoại riêng", Kind.PHONE, private=True),
        Column("email", "Thư điện tử riêng", Kind.MAIL, private=True),
    ),
    "residents": (
        Column("outlet", "Cơ quan báo chí", needed=True),
        Column("name", "Họ tên", needed=True),
        Column("position", "Chức vụ"),
        Column("office_phone", "Điện thoại cơ quan", Kind.PHONE),
        Column("office_email", "Thư điện tử cơ quan", Kind.MAIL),
        Column("phone", "Điện thoại riêng", Kind.PHONE, private=True),
        Column("email", "Thư điện tử riêng", Kind.MAIL, private=True),
    ),
}
# Notes for people, and what the content files say beside the directory.
IGNORED = frozenset({"basis", "gso_code", "gso code", "valid_from", "valid_to", "subjects", "stt", "ghi chu", "note"})

_ID = re.compile(r"[a-z0-9_]{1,60}")
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_LINK = re.compile(r"https?://[^\s/]+\S*")


class Unfit(ValueError):  # noqa: N818 - a verdict on a value, shown to people
    """A value that cannot be taken; the sentence says why."""


def checked(part: str, rows: Rows) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The rows of a part with every value as it is kept; a row with a fault is left out of the first list as an empty one."""
    found: list[dict[str, Any]] = []
    faults: list[Fault] = []
    if len(rows) > MOST_ROWS:
        return [], [Fault(part, MOST_ROWS, "", f"tệp có hơn {MOST_ROWS} dòng; hãy chia nhỏ")]
    for number, row in enumerate(rows):
        values, wrong = _row(part, number, row)
        faults.extend(wrong)
        found.append({} if wrong else values)
    return found, faults


def _row(part: str, number: int, row: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    columns = {column.name: column for column in PARTS[part]}
    faults.extend(
        Fault(part, number, name, "không có cột này; kiểm tra chính tả hoặc bỏ cột")
        for name in row
        if name not in columns and fold(name.replace("_", " ")) not in IGNORED and name not in IGNORED
    )
    for column in columns.values():
        raw = row.get(column.name)
        if column.needed and not clean(str(raw if raw is not None else "")):
            faults.append(Fault(part, number, column.name, "thiếu, hãy điền"))
        elif column.name in row:
            try:
                values[column.name] = value_of(column, raw)
            except Unfit as unfit:
                faults.append(Fault(part, number, column.name, str(unfit)))
    return values, faults


def value_of(column: Column, raw: Any) -> Any:
    """One value as it is kept.

    Raises:
        Unfit: it is not what the column takes.
    """
    if column.kind is Kind.LIST:
        return _list(raw)
    text = " ".join(clean("" if raw is None else str(raw)).split())
    if len(text) > LONGEST:
        raise Unfit(f"dài hơn {LONGEST} ký tự")
    if not text:
        return ""
    if column.one_of is not None:
        return _chosen(text, column.one_of)
    return _READ[column.kind](text)


def _chosen(text: str, accepted: Mapping[str, str]) -> str:
    found = next((value for value, words in accepted.items() if fold(text) in {fold(value), fold(words)}), None)
    if found is None:
        raise Unfit(f"“{text[:40]}” không dùng được; chọn một trong: {', '.join(accepted.values())}")
    return found


def _list(raw: Any) -> list[str]:
    given: Sequence[object] = cast("list[object]", raw) if isinstance(raw, list) else str(raw or "").split(";")
    found = [" ".join(clean(str(one)).split()) for one in given]
    if any(len(one) > LONGEST_ITEM for one in found):
        raise Unfit(f"có mục dài hơn {LONGEST_ITEM} ký tự; ngăn các mục bằng dấu chấm phẩy")
    return [one for one in found if one]


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise Unfit(f"“{text[:40]}” không phải mã; chỉ dùng chữ thường không dấu, số và gạch dưới, ví dụ so_y_te")
    return text


def phone(text: str) -> str:
    """A number as it is kept and compared: digits alone, a Vietnamese one with its leading 0 however it was written."""
    digits = re.sub(r"[\s.()\-]", "", text)
    plain = digits.removeprefix("+")
    if not plain.isascii() or not plain.isdigit() or not 8 <= len(plain) <= 15:
        raise Unfit(f"“{text[:40]}” không phải một số điện thoại; viết một số, ví dụ 0234 382 2123")
    if plain.startswith("84") and (digits.startswith("+") or len(plain) in {11, 12}):
        return "0" + plain[2:]
    return digits if digits.startswith("+") or plain.startswith("0") or len(plain) != 9 else "0" + plain  # a spreadsheet ate the 0


def _mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise Unfit(f"“{text[:40]}” không phải địa chỉ thư điện tử")
    return text.lower()


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        raise Unfit(f"“{text[:40]}” không phải địa chỉ trang; bắt đầu bằng https://")
    return text


_READ = {Kind.TEXT: str, Kind.ID: _id, Kind.PHONE: phone, Kind.MAIL: _mail, Kind.LINK: _link}
