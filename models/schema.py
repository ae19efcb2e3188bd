"""From a content file to frozen records: every mistake of the file at once, each with its line and what to do.

A record is a pydantic dataclass made with `config=STRICT`: unknown keys and wrong types are refused, nothing is guessed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, Strict, StringConstraints, TypeAdapter, ValidationError

from models.content import ContentProblem, Document

Record = TypeVar("Record")
STRICT = ConfigDict(extra="forbid", defer_build=True)  # only whole files are checked: no record needs a validator of its own


class ContentProblems(Exception):  # noqa: N818 - it carries ContentProblem, and is read as a list of them
    """Everything that is wrong with one or more content files; nothing of them was taken."""

    def __init__(self, problems: Iterable[ContentProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _exact(value: object) -> object:
    """0.1 in a file means one tenth, not the nearest binary number."""
    if isinstance(value, bool):
        raise ValueError("cần một con số, không phải true/false")  # noqa: TRY004 - pydantic collects ValueError only
    return Fraction(str(value)) if isinstance(value, float) else value


def _clock_time(value: object) -> object:
    """YAML reads a bare 13:30 as a number; only a quoted time is a time."""
    if not isinstance(value, str):
        raise ValueError('viết giờ trong ngoặc kép, như "13:30"')  # noqa: TRY004 - pydantic collects ValueError only
    return value


def _month_day(value: object) -> object:
    """Month and day: "12-19" is 19 December of any year; 29 February is refused because most years lack it."""
    try:
        day = date.fromisoformat(f"2025-{value}")
    except ValueError:
        raise ValueError(f'“{value}” không phải ngày trong năm; viết tháng-ngày như "12-19"') from None
    return day.month, day.day


Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Flag = Annotated[bool, Strict()]
Amount = Annotated[Fraction, BeforeValidator(_exact)]
TimeOfDay = Annotated[time, BeforeValidator(_clock_time)]
MonthDay = Annotated[tuple[int, int], BeforeValidator(_month_day)]

_WANTED = {
    "string": "chữ (đặt trong ngoặc kép)",
    "bool": "true hoặc false",
    "fraction": "một con số",
    "int": "một số nguyên",
    "date": "một ngày như 2026-07-01",
    "time": "một giờ như 07:30 (đặt trong ngoặc kép)",
    "tuple": "một danh sách",
    "dict": "các dòng “khóa: giá trị”",
    "dataclass": "các dòng “khóa: giá trị”",
    "url": "một địa chỉ bắt đầu bằng https://",
}


def records(document: Document, record: type[Record]) -> Record:
    """The whole document as one record.

    Raises:
        ContentProblems: every place where the file is not what the record asks for.
    """
    try:
        return TypeAdapter(record).validate_python(document.data)
    except ValidationError as error:
        raise ContentProblems(document.problem(_sentence(one), *one["loc"]) for one in error.errors(include_url=False)) from error


def _sentence(error: Mapping[str, Any]) -> str:
    """What the author of the file must mend, in their language."""
    kind, key, context = error["type"], error["loc"][-1] if error["loc"] else "", error.get("ctx", {})
    if kind == "missing":
        return f"thiếu khóa “{key}”; hãy thêm dòng “{key}: …”"
    if kind == "unexpected_keyword_argument":
        return f"không có khóa “{key}”; kiểm tra chính tả hoặc bỏ dòng này"
    if kind == "enum":
        return f"“{error['input']}” không dùng được; chọn một trong: {str(context['expected']).replace(' or ', ', ')}"
    if kind == "string_too_short":
        return f"“{key}” đang để trống; hãy điền"
    if kind == "value_error":
        return f"“{key}”: {context['error']}"
    return f"“{_short(error['input'])}” sai kiểu ở “{key}”; cần {_WANTED.get(kind.split('_')[0], 'giá trị khác')}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def repeated(ids: Iterable[str]) -> list[tuple[int, str]]:
    """Position and name of every id that stood earlier in the list."""
    seen: set[str] = set()
    found: list[tuple[int, str]] = []
    for position, name in enumerate(ids):
        if name in seen:
            found.append((position, name))
        seen.add(name)
    return found
