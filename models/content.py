"""The only reader of `content/`: YAML files with their line numbers, and an office's overlay over them.

`content/` ships with the product; `HOME/content/` of an installation is laid over it file by file: a mapping
is merged key by key, anything else replaces what shipped. Whoever writes these files is no programmer, so
every problem names the file, the line and what to do.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is eight times as fast

SHIPPED = Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True)
class ContentProblem(Exception):  # noqa: N818 - a problem may also be listed, not only raised
    """Something in a content file that its author must mend: where it stands and what to do."""

    path: Path
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


@dataclass(frozen=True)
class Document:
    """One YAML file: its plain data and the line on which each key path starts."""

    path: Path
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict[tuple[str | int, ...], int])

    def line(self, *keys: str | int) -> int:
        """The line of a key path, or of the nearest parent that is known."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def problem(self, problem: str, *keys: str | int) -> ContentProblem:
        """A problem at a key path of this file."""
        return ContentProblem(self.path, self.line(*keys), problem)


def read(path: Path) -> Document:
    """One YAML file whose top level is a mapping.

    Raises:
        ContentProblem: the file cannot be read, is not YAML, or says a key twice.
    """
    try:
        return parse(path, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContentProblem(path, 1, f"không đọc được tệp: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContentProblem(path, 1, "tệp không phải UTF-8; hãy lưu lại với mã UTF-8") from error


def parse(path: Path, text: str) -> Document:
    """The text of one file; `path` is where it stands, or would.

    Raises:
        ContentProblem: it is not YAML, or says a key twice.
    """
    try:
        lines, data = _understood(path, text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or "sai cú pháp"
        raise ContentProblem(path, line, f"YAML sai cú pháp ({what}); kiểm tra thụt đầu dòng, dấu hai chấm và dấu ngoặc kép") from error
    if not isinstance(data, dict):
        raise ContentProblem(path, 1, "dòng đầu phải là một khóa, ví dụ “chao: Xin chào”")
    return Document(path, cast("dict[str, Any]", data), lines)


def _understood(path: Path, text: str) -> tuple[dict[tuple[str | int, ...], int], object]:
    """Where everything stands, and what it says: read once, because an office begins with a hundred files."""
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        lines = dict(_positions(path, node, ()))
        construct = cast("Callable[[yaml.Node], object]", loader.construct_document)  # pyright: ignore[reportUnknownMemberType]
        return lines, construct(node) if node is not None else None
    finally:
        loader.dispose()


def _positions(path: Path, node: yaml.Node | None, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            line = key.start_mark.line + 1
            if name in seen:
                raise ContentProblem(path, line, f"khóa “{name}” viết hai lần; giữ một")
            seen.add(name)
            yield (*keys, name), line
            yield from _positions(path, value, (*keys, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*keys, index), value.start_mark.line + 1
            yield from _positions(path, value, (*keys, index))


def documents(folder: str, *overlays: Path) -> list[Document]:
    """Every YAML file below `content/FOLDER`, shipped first, then each overlay, in name order."""
    found: list[Document] = []
    for root in (SHIPPED, *overlays):
        found.extend(read(path) for path in sorted((root / folder).rglob("*.yaml")))
    return found


def document(name: str, *overlays: Path) -> Document:
    """One content file by name, e.g. `calendar.yaml`; the last overlay that has it wins."""
    for root in reversed(overlays):
        if (root / name).is_file():
            return read(root / name)
    return read(SHIPPED / name)
